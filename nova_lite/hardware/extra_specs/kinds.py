# SPDX-License-Identifier: Apache-2.0
"""What values an extra spec may take."""

import re

from nova_lite import errors

_BOOLEAN = frozenset(('1', 't', 'true', 'on', 'y', 'yes', '0', 'f', 'false', 'off', 'n', 'no'))


class InvalidExtraSpec(errors.Invalid):
    """The extra spec is not known, or does not take this value."""


def _refuse(key, value, what):
    raise InvalidExtraSpec(f"Validation failed; '{value}' is {what} (extra spec '{key}').")


class Text:
    """Any text, or what matches `pattern` as a whole."""

    def __init__(self, pattern=None):
        self._pattern = None if pattern is None else re.compile(pattern)

    def check(self, key, value):
        """Raise InvalidExtraSpec unless `value` is one."""
        if self._pattern is not None and not self._pattern.fullmatch(value):
            _refuse(key, value, f"not of the format '{self._pattern.pattern}'")


class Choice:
    """One of these words."""

    def __init__(self, *words):
        self._words = words

    def check(self, key, value):
        """Raise InvalidExtraSpec unless `value` is one."""
        if value not in self._words:
            _refuse(key, value, f'not one of: {", ".join(self._words)}')


class Integer:
    """A whole number between the bounds (None: none)."""

    def __init__(self, low=None, high=None):
        self._low = low
        self._high = high

    def check(self, key, value):
        """Raise InvalidExtraSpec unless `value` is one."""
        try:
            number = int(value)
        except ValueError:
            _refuse(key, value, 'not a valid integer value')
        if self._low is not None and number < self._low:
            _refuse(key, value, f"less than the min value of '{self._low}'")
        if self._high is not None and number > self._high:
            _refuse(key, value, f"greater than the max value of '{self._high}'")


class Boolean:
    """Yes or no, in the usual spellings and any case."""

    def check(self, key, value):
        """Raise InvalidExtraSpec unless `value` is one."""
        if value.strip().lower() not in _BOOLEAN:
            _refuse(key, value, 'not a valid boolean-like value')
