# SPDX-License-Identifier: Apache-2.0
"""What may be asked of a server: the operations, their input, and how one begins. How it is done: `conductor/`."""
