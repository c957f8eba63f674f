# SPDX-License-Identifier: Apache-2.0
"""Validation of tokens by keystonemiddleware. Imported only where it is used: it takes long to load."""

from keystonemiddleware import auth_token

from nova_lite.placement.middleware import OPEN_PATHS


class KeystoneAuth(auth_token.AuthProtocol):
    """keystonemiddleware's validation of tokens, except for the version document."""

    def __init__(self, application, conf):
        super().__init__(application, {'oslo_config_config': conf})
        self._open_application = application

    def __call__(self, environ, start_response):
        if environ.get('PATH_INFO', '') in OPEN_PATHS:
            return self._open_application(environ, start_response)
        return super().__call__(environ, start_response)
