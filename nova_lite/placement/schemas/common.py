# SPDX-License-Identifier: Apache-2.0
"""Words that the schemas share, and the choice of a schema by version."""

MAX_INT = 2147483647
UUID = {'type': 'string', 'format': 'uuid'}
STRING = {'type': 'string'}
INTEGER = {'type': 'integer'}
OWNER_ID = {'type': 'string', 'minLength': 1, 'maxLength': 255}
UUID_KEY = '^[0-9a-fA-F-]{36}$'
NAME_KEY = '^[A-Z0-9_]+$'
CUSTOM_NAME = {'type': 'string', 'minLength': 1, 'maxLength': 255, 'pattern': '^CUSTOM_[A-Z0-9_]+$'}
CONSUMER_TYPE = {'type': 'string', 'minLength': 1, 'maxLength': 255, 'pattern': NAME_KEY}


def closed(properties, required=(), **more):
    """An object with these properties and no others."""
    schema = {'type': 'object', 'properties': properties, 'additionalProperties': False, **more}
    if required:
        schema['required'] = list(required)
    return schema


def keyed(pattern, value, **more):
    """An object whose keys match a pattern."""
    return {'type': 'object', 'patternProperties': {pattern: value}, 'additionalProperties': False, **more}


class Windows:
    """Validators by version: pairs of (first minor version, validator), the newest first."""

    def __init__(self, *pairs):
        self._pairs = sorted(pairs, key=lambda pair: -pair[0])

    def at(self, version):
        for minor, validator in self._pairs:
            if version.minor >= minor:
                return validator
        raise LookupError(version)
