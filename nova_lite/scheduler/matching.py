# SPDX-License-Identifier: Apache-2.0
"""The little language of extra specs: whether what a host has satisfies what a flavor wants, e.g. `<or> a <or> b`.

Rules as Nova's users know them; a wish without an operator must be equal as text.
"""

import operator


def matches(has, wanted):
    """Whether `has` (text, or a list for `<in>` and `<all-in>`) satisfies the text `wanted`."""
    words = wanted.split()
    if not words or words[0] not in _OPERATORS:
        return has == wanted
    if len(words) == 1:
        return False
    try:
        return _OPERATORS[words[0]](has, words[1:])
    except (ValueError, TypeError):
        return False


def _numbers(compare):
    return lambda has, words: compare(float(has), float(words[0]))


def _texts(compare):
    return lambda has, words: compare(has, words[0])


_OPERATORS = {
    # Historical: '=' means "at least".
    '=': _numbers(operator.ge),
    '==': _numbers(operator.eq),
    '!=': _numbers(operator.ne),
    '>=': _numbers(operator.ge),
    '<=': _numbers(operator.le),
    's==': _texts(operator.eq),
    's!=': _texts(operator.ne),
    's<': _texts(operator.lt),
    's<=': _texts(operator.le),
    's>': _texts(operator.gt),
    's>=': _texts(operator.ge),
    '<in>': lambda has, words: words[0] in has,
    '<all-in>': lambda has, words: all(word in has for word in words),
    '<or>': lambda has, words: has in words[::2],
}
