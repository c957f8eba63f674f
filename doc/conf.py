# SPDX-License-Identifier: Apache-2.0
"""Sphinx: the documentation of nova_lite."""

project = 'nova_lite'
copyright = 'the nova_lite authors'
extensions = ['myst_parser']
source_suffix = {'.rst': 'restructuredtext', '.md': 'markdown'}
myst_heading_anchors = 3
exclude_patterns = ['_build']
html_theme = 'alabaster'
html_theme_options = {'description': 'a compute control plane', 'fixed_sidebar': True}
