# SPDX-License-Identifier: Apache-2.0
"""One machine's cloud: starts, checks and stops every part that nova_lite needs, and nova_lite itself.

Standard library only: it runs before any virtual environment exists. It must not import nova_lite.
"""
