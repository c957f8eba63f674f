# SPDX-License-Identifier: Apache-2.0
"""libvirt's XML: pure functions, data in, text out (and text in, data out for what libvirt says of itself)."""
