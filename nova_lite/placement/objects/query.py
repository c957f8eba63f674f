# SPDX-License-Identifier: Apache-2.0
"""The little languages of the query: `resources`, `required`, `member_of`, `in_tree`."""

from nova_lite.placement import errors, validation

_RESOURCES = ('Badly formed resources parameter. Expected resources query string parameter in form: '
              '?resources=VCPU:2,MEMORY_MB:1024. Got: {}.')
_REQUIRED = "Invalid query string parameters: Expected 'required' parameter value of the form: {}. "


def resources(text):
    """{class name: amount} of `VCPU:2,MEMORY_MB:1024`; of a class that is repeated the last counts. Raises
    BadRequest.
    """
    if not text.strip():
        raise errors.BadRequest(_RESOURCES.format('empty string'))
    found = {}
    for part in text.split(','):
        name, colon, amount = part.partition(':')
        if not colon or ':' in amount:
            raise errors.BadRequest(_RESOURCES.format(part))
        try:
            number = int(amount)
        except ValueError as exc:
            raise errors.BadRequest(f'Requested resource {name} expected positive integer amount. '
                                    f'Got: {amount}.') from exc
        if number < 1:
            raise errors.BadRequest(f'Requested resource {name} requires amount >= 1. Got: {number}.')
        found[name] = number
    return found


def traits(call, name):
    """(list of sets of which one trait each is required, set of forbidden traits). Raises BadRequest.

    Before 1.39 only the last of repeated parameters counts.
    """
    values = call.values(name)
    if not call.since(39):
        values = values[-1:]
    required, forbidden = [], set()
    for value in values:
        if value.startswith('in:'):
            required.append(_alternatives(value, call.since(39)))
        else:
            more, less = _all_of(value, call.since(22))
            required += [{trait} for trait in more]
            forbidden |= less
    return required, forbidden


def plain_traits(value):
    """(set required, set forbidden) of a parameter that knows no alternatives. Raises BadRequest."""
    if value.startswith('in:'):
        _alternatives(value, False)
    required, forbidden = _all_of(value, True)
    return set(required), forbidden


def _alternatives(value, allowed):
    example = 'in:HW_CPU_X86_VMX,CUSTOM_MAGIC'
    if not allowed:
        raise errors.BadRequest(f"Invalid query string parameters: The format '{example}' only supported since "
                                f'microversion 1.39. Got: {value}')
    found = {part.strip() for part in value[3:].split(',')}
    if '' in found:
        raise errors.BadRequest(_REQUIRED.format(example) + f'Got an empty trait in: {value}')
    if any(trait.startswith('!') for trait in found):
        raise errors.BadRequest(f"Invalid query string parameters: The format '{example}' does not support forbidden "
                                f'traits. Got: {value}')
    return found


def _all_of(value, may_forbid):
    parts = [part.strip() for part in value.split(',')]
    # Placement strips any number of marks: `!!!X` forbids X.
    forbidden = {part.lstrip('!') for part in parts if part.startswith('!')}
    expected = _REQUIRED.format('HW_CPU_X86_VMX,!CUSTOM_MAGIC' if may_forbid else 'HW_CPU_X86_VMX,CUSTOM_MAGIC')
    if '' in forbidden or '' in parts:
        raise errors.BadRequest(expected + f'Got an empty trait in: {value}')
    if forbidden and not may_forbid:
        raise errors.BadRequest(expected + f'Got: {value}')
    return [part for part in parts if not part.startswith('!')], forbidden


def aggregates(call, name):
    """(list of sets of which one aggregate each is required, set of forbidden aggregates). Raises BadRequest."""
    values = call.values(name)
    if len(values) > 1 and not call.since(24):
        raise errors.BadRequest(f'Multiple {name} parameters are not supported')
    required, forbidden = [], set()
    for value in values:
        more, less = _aggregates(value)
        if more:
            required.append(more)
        if less:
            if not call.since(32):
                raise errors.BadRequest(f'Forbidden {name} parameters are not supported in the specified microversion')
            forbidden |= less
    return required, forbidden


def _aggregates(value):
    if ',' in value and not value.startswith(('in:', '!in:')):
        raise errors.BadRequest("Multiple values for 'member_of' must be prefixed with the 'in:' or '!in:' keyword "
                                f'using the valid microversion. Got: {value}')
    required, forbidden = set(), set()
    if value.startswith('!in:'):
        forbidden = set(value[4:].split(','))
    elif value.startswith('!'):
        forbidden = {value[1:]}
    elif value.startswith('in:'):
        required = set(value[3:].split(','))
    else:
        required = {value}
    for uuid in required | forbidden:
        if not validation.is_uuid(uuid):
            raise errors.BadRequest("Invalid query string parameters: Expected 'member_of' parameter to contain valid "
                                    f'UUID(s). Got: {uuid}')
    return required, forbidden


def in_tree(value):
    """The uuid. Raises BadRequest."""
    if not validation.is_uuid(value.strip()):
        raise errors.BadRequest("Invalid query string parameters: Expected 'in_tree' parameter to be a format of uuid. "
                                f'Got: {value}')
    return value.strip()
