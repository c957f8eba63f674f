# SPDX-License-Identifier: Apache-2.0
"""Steps that several workflows share, one file per thing they act on."""
