# SPDX-License-Identifier: Apache-2.0
"""The bodies of nova-manage, nova-status and nova-policy. They return what is to be said; `command.py` prints it."""
