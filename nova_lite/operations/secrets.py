# SPDX-License-Identifier: Apache-2.0
"""What an order must remember and nobody may read: the user's token, an admin password.

Encrypted with `[orders] secret_key` while the order is open, and wiped when it closes. Without a key nothing is kept:
steps then act with the service's own credentials.
"""

import logging

import msgspec
from cryptography import fernet

LOG = logging.getLogger(__name__)


class Vault:
    """Seals and opens secrets. The first key seals; every key opens, so that keys can be rotated."""

    def __init__(self, keys):
        self._fernet = fernet.MultiFernet([fernet.Fernet(key) for key in keys]) if keys else None

    def seal(self, secrets):
        """Text for the order's row, or None when there is nothing to keep or no key to keep it with."""
        kept = {name: value for name, value in (secrets or {}).items() if value}
        if not kept or self._fernet is None:
            return None
        return self._fernet.encrypt(msgspec.json.encode(kept)).decode()

    def open(self, sealed):
        """name -> secret; empty when nothing was sealed, or the key it was sealed with is gone."""
        if not sealed or self._fernet is None:
            return {}
        try:
            return msgspec.json.decode(self._fernet.decrypt(sealed.encode()))
        except fernet.InvalidToken:
            LOG.warning('The secrets of an order cannot be opened: is the key it was sealed with still in '
                        '[orders] secret_key? Its steps use the service credentials.')
            return {}
