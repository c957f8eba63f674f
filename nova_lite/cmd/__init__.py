# SPDX-License-Identifier: Apache-2.0
"""Entry points: each reads the options and hands over. Nothing is decided here."""
