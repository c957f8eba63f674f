# SPDX-License-Identifier: Apache-2.0
"""Payloads on the wire between daemons: frozen msgspec Structs.

Rules: a field is never renamed, retyped or removed; a new one has a default. `tests/contracts` holds their
fingerprints. No behaviour, no I/O.
"""
