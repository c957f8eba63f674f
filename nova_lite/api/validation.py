# SPDX-License-Identifier: Apache-2.0
"""JSON Schema windows: which schema rules at which microversion, compiled once, with Nova's formats and error texts.

`doc/adr/0040` says why jsonschema-rs. Numbers in strings ('10') obey `minimum` and `maximum`, as in Nova.
"""

import re

import jsonschema_rs

from nova_lite import errors
from nova_lite.api import formats, microversions


class ValidationError(errors.Invalid):
    """A body or a query that its schema refuses."""


class Windows:
    """Values by microversion: `Windows(('2.0', '2.0', a), ('2.1', '2.54', b), ('2.55', None, c))`.

    A lower bound of '2.0' or None means that the legacy root uses it too. Bounds are inclusive.
    """

    def __init__(self, *rows):
        self._by_version = [None] * (microversions.LAST + 1)
        for low, high, value in rows:
            first = microversions.number(low) or microversions.LEGACY
            last = microversions.LAST if high is None else microversions.number(high)
            for version in range(first, last + 1):
                if self._by_version[version] is None:
                    self._by_version[version] = value

    def __getitem__(self, version):
        """The value at `version` (microversions.LEGACY for the legacy root), None if none rules there."""
        return self._by_version[version]


def windows(value):
    """A Windows of anything: itself, or one value for every version."""
    return value if isinstance(value, Windows) else Windows((None, None, value))


class Schema:
    """One schema. Compiled at its first use: most processes see few of the hundreds there are."""

    def __init__(self, definition):
        self.definition = definition
        self._strict = self._relaxed = None

    def check_body(self, body, legacy=False):
        """Raise ValidationError unless `body` fits. At the legacy root unknown properties are dropped from it."""
        if legacy:
            if self._relaxed is None:
                self._relaxed = _compile(_relax(self.definition))
            _check(self._relaxed, body, _body_message)
            _drop_unknown(self.definition, body)
            return
        if self._strict is None:
            self._strict = _compile(self.definition)
        _check(self._strict, body, _body_message)

    def check_query(self, query):
        """Raise ValidationError unless `query` (name -> list of values) fits; returns what the schema knows of it."""
        if self._strict is None:
            self._strict = _compile(self.definition)
        if query:
            _check(self._strict, query, _query_message)
        elif 'required' in self.definition:
            _check(self._strict, query, _query_message)
        if not query or not self.definition.get('additionalProperties', True):
            return query
        known = self.definition.get('properties', {})
        patterns = self.definition.get('patternProperties', {})
        return {name: values for name, values in query.items()
                if name in known or any(re.match(pattern, name) for pattern in patterns)}


def schemas(*rows):
    """Windows of Schemas from (low, high, definition) rows."""
    return Windows(*((low, high, Schema(definition)) for low, high, definition in rows))


def _compile(definition):
    return jsonschema_rs.Draft202012Validator(
        definition, formats=formats.FORMATS, validate_formats=True, ignore_unknown_formats=False, keywords=_KEYWORDS,
        mask='The value')


def _check(validator, value, message):
    try:
        if validator.is_valid(value):
            return
        found = list(validator.iter_errors(value))
    except (ValueError, TypeError, RecursionError) as error:
        raise ValidationError(f'Malformed request: {error}') from error
    # The error nearest to the root says most; of equals the alternatives (anyOf, oneOf) say least.
    best = min(found, key=lambda e: (len(e.instance_path), e.kind.name in ('anyOf', 'oneOf')))
    raise ValidationError(message(best))


def _body_message(error):
    if not error.instance_path:
        return _text(error)
    return f'Invalid input for field/attribute {error.instance_path[-1]}. Value: {_shown(error)}. {_text(error)}'


def _query_message(error):
    if not error.instance_path:
        return _text(error)
    return f'Invalid input for query parameters {error.instance_path[0]}. Value: {_shown(error)}. {_text(error)}'


def _shown(error):
    """The refused value as text, without what must not come into answers and logs."""
    hidden = any(name in _SECRET for name in error.instance_path)
    text = '***' if hidden else str(_without_secrets(error.instance))
    return text if len(text) <= _SHOWN else text[:_SHOWN] + '...'


def _without_secrets(value):
    if isinstance(value, dict):
        return {name: '***' if name in _SECRET else _without_secrets(item) for name, item in value.items()}
    return [_without_secrets(item) for item in value] if isinstance(value, list) else value


_SECRET = frozenset(('adminPass', 'admin_pass', 'user_data', 'personality', 'private_key'))
_SHOWN = 1024


def _text(error):
    if any(name in _SECRET for name in error.instance_path):
        return f'It does not fit the rule "{error.kind.name}".'
    if error.kind.name == 'format' and error.kind.format in formats.NAME_RULES:
        return f'Invalid name: only {formats.NAME_RULES[error.kind.format]}'
    return error.message if len(error.message) <= 2 * _SHOWN else error.message[:2 * _SHOWN] + '...'


def _relax(definition):
    """The schema with unknown properties allowed wherever it lists the known ones."""
    if isinstance(definition, list):
        return [_relax(item) for item in definition]
    if not isinstance(definition, dict):
        return definition
    relaxed = {key: _relax(value) for key, value in definition.items()}
    if relaxed.get('additionalProperties') is False and 'patternProperties' not in relaxed:
        relaxed['additionalProperties'] = True
    return relaxed


def _drop_unknown(definition, value):
    if isinstance(value, list):
        for item in value:
            _drop_unknown(definition.get('items', {}), item)
    if not isinstance(value, dict):
        return
    known = definition.get('properties', {})
    if definition.get('additionalProperties') is False and 'patternProperties' not in definition:
        for name in [name for name in value if name not in known]:
            del value[name]
    for name, item in value.items():
        _drop_unknown(known.get(name, {}), item)


class _Bound:
    """`minimum` or `maximum` for numbers, and for numbers in strings."""

    def __init__(self, parent, limit, path):
        self.limit = limit

    def validate(self, instance):
        if isinstance(instance, bool):
            return
        try:
            value = int(instance)
        except (ValueError, TypeError):
            try:
                value = float(instance)
            except (ValueError, TypeError):
                return
        except OverflowError:
            value = instance
        if self.broken_by(value):
            raise ValueError(f'{instance} is {self.word} of {self.limit}')


class _Minimum(_Bound):
    word = 'less than the minimum'

    def broken_by(self, value):
        return value < self.limit


class _Maximum(_Bound):
    word = 'greater than the maximum'

    def broken_by(self, value):
        return value > self.limit


_KEYWORDS = {'minimum': _Minimum, 'maximum': _Maximum}
