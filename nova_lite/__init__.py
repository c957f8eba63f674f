# SPDX-License-Identifier: Apache-2.0
"""A compute control plane with Nova's interfaces. `doc/architecture.md` says what each folder owns."""
