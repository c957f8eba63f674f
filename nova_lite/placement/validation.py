# SPDX-License-Identifier: Apache-2.0
"""Checks bodies and queries against schemas, and says what is wrong in the words that clients of Placement know."""

import uuid

import jsonschema_rs
import msgspec

from nova_lite.placement import errors

_DECODER = msgspec.json.Decoder()
_HEX = set('0123456789abcdef')
# Of several things wrong the one nearest to the top is named, alternatives last.
_WEAK = {'anyOf', 'oneOf'}


def is_uuid(value):
    """A uuid in any of the usual spellings: with or without dashes, braces, `urn:uuid:`."""
    plain = value.lower().replace('urn:', '').replace('uuid:', '').strip('{}').replace('-', '')
    return len(plain) == 32 and _HEX.issuperset(plain)


def is_dashed_uuid(value):
    return len(value) == 36 and all(value[at] == '-' for at in (8, 13, 18, 23)) and is_uuid(value)


def normal_uuid(value):
    return str(uuid.UUID(value))


class Schema:
    """One compiled schema."""

    def __init__(self, schema, uuid_format=is_uuid):
        self._schema = schema
        self._validator = jsonschema_rs.validator_for(schema, validate_formats=True, formats={'uuid': uuid_format})

    def problem(self, data):
        """None, or what is wrong, at the place nearest to the top."""
        if self._validator.is_valid(data):
            return None
        return self._describe(min(self._validator.iter_errors(data), key=_distance), data)

    def _describe(self, error, data):
        path = list(error.schema_path)
        keyword, rule, instance = path[-1], self._schema, data
        for step in path:
            rule = rule[step]
        for step in error.instance_path:
            instance = instance[step]
        where = ''.join(f'[{step!r}]' for step in path[:-1])
        at = ''.join(f'[{step!r}]' for step in error.instance_path)
        return (f'{self._sentence(keyword, rule, instance, error, path)}\n\n'
                f'Failed validating {keyword!r} in schema{where}:\n'
                f'    {keyword}: {rule!r}\n\nOn instance{at}:\n    {str(instance)[:1000]!r}')

    def _sentence(self, keyword, rule, instance, error, path):
        if keyword == 'required':
            return f'{error.kind.property!r} is a required property'
        if keyword == 'additionalProperties':
            return self._unexpected(instance, path)
        if keyword == 'type':
            kinds = rule if isinstance(rule, list) else [rule]
            return f'{instance!r} is not of type {", ".join(map(repr, kinds))}'
        if keyword in _LEAST and rule == 1:
            return f'{instance!r} should be non-empty'
        if keyword == 'anyOf':
            # The first alternative is what the caller meant.
            return Schema(rule[0]).problem(instance).split('\n', 1)[0]
        return _SENTENCES.get(keyword, '{instance!r} does not fit').format(instance=instance, rule=rule)

    def _unexpected(self, instance, path):
        rule = self._schema
        for step in path[:-1]:
            rule = rule[step]
        patterns = rule.get('patternProperties', {})
        known = rule.get('properties', {})
        extra = sorted(key for key in instance if key not in known and not _matches(patterns, key))
        shown = ', '.join(map(repr, extra))
        if patterns:
            verb = 'does' if len(extra) == 1 else 'do'
            return f'{shown} {verb} not match any of the regexes: {", ".join(map(repr, sorted(patterns)))}'
        return f'Additional properties are not allowed ({shown} {"was" if len(extra) == 1 else "were"} unexpected)'


_LEAST = {'minLength', 'minItems', 'minProperties'}
_SENTENCES = {
    'minimum': '{instance!r} is less than the minimum of {rule!r}',
    'maximum': '{instance!r} is greater than the maximum of {rule!r}',
    'maxLength': '{instance!r} is too long',
    'minLength': '{instance!r} is too short',
    'minItems': '{instance!r} is too short',
    'minProperties': '{instance!r} does not have enough properties',
    'pattern': '{instance!r} does not match {rule!r}',
    'format': '{instance!r} is not a {rule!r}',
    'enum': '{instance!r} is not one of {rule!r}',
    'uniqueItems': '{instance!r} has non-unique elements',
}


def _distance(error):
    keyword = error.schema_path[-1]
    return len(error.instance_path), keyword in _WEAK, keyword != 'required'


def _matches(patterns, key):
    return any(jsonschema_rs.is_valid({'type': 'string', 'pattern': pattern}, key) for pattern in patterns)


def read_json(raw, schema):
    """The data in a body that fits the schema. Raises BadRequest."""
    try:
        data = _DECODER.decode(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as exc:
        raise errors.BadRequest(f'Malformed JSON: {exc}') from exc
    if b'\\u0000' in raw:
        raise errors.BadRequest('JSON does not validate: a text contains the character NUL')
    problem = schema.problem(data)
    if problem is not None:
        raise errors.BadRequest(f'JSON does not validate: {problem}')
    return data


def check_query(params, schema):
    """Check a query's {name: last value}. Raises BadRequest."""
    problem = schema.problem(params)
    if problem is not None:
        raise errors.BadRequest(f'Invalid query string parameters: {problem}')
