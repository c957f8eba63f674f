# SPDX-License-Identifier: Apache-2.0
"""JsonFilter: a query that the user wrote, e.g. `[">=", "$free_ram_mb", 1024]`."""

import operator

import msgspec

from nova_lite.scheduler.kinds import Filter

# A query nested deeper than this is no honest one.
_DEEPEST = 30


class JsonFilter(Filter):
    """Hint `query`: operators = < > <= >= in not and or; `$name` is what a host calls `name`, `$a.b` what is in it."""

    def concerns(self, request):
        return bool(request.wish.scheduler_hints.get('query'))

    def reason_against(self, host, request):
        query = request.wish.scheduler_hints['query']
        try:
            if isinstance(query, str):
                query = msgspec.json.decode(query)
            passes = _value(query, host, _DEEPEST) if isinstance(query, list) else None
        except (ValueError, TypeError, KeyError, RecursionError):
            passes = None
        if passes is None:
            return 'the hint query makes no sense for it'
        return None if passes else 'does not satisfy the hint query'


def _value(term, host, depth):
    if not depth:
        raise ValueError('too deep')
    if isinstance(term, list):
        if not term:
            return True
        return _OPERATORS[term[0]]([_value(each, host, depth - 1) for each in term[1:]])
    if isinstance(term, str) and term.startswith('$'):
        name, *inside = term[1:].split('.')
        value = host.attribute(name)
        for key in inside:
            value = value.get(key) if isinstance(value, dict) else None
        return value
    return term


def _compare(function):
    def compare(args):
        if len(args) < 2 or None in args:
            return False
        return all(function(args[0], other) for other in args[1:])
    return compare


_OPERATORS = {
    '=': _compare(operator.eq), '<': _compare(operator.lt), '>': _compare(operator.gt),
    '<=': _compare(operator.le), '>=': _compare(operator.ge),
    'in': lambda args: len(args) > 1 and args[0] in args[1:],
    'not': lambda args: not all(args),
    'and': all,
    'or': any,
}
