# SPDX-License-Identifier: Apache-2.0
"""`application` of each face, for any WSGI server: it reads `OS_NOVA_CONFIG_DIR` and `OS_NOVA_CONFIG_FILES`."""
