# SPDX-License-Identifier: Apache-2.0
"""The formats that schemas name: names, addresses, times. Each is a function of a text that says whether it fits."""

import base64
import binascii
import datetime
import ipaddress
import re
import unicodedata
import urllib.parse
import uuid


def _printable(char):
    category = unicodedata.category(char)
    return category[0] != 'C' and category not in ('Zl', 'Zp')


def _is_space(char):
    return unicodedata.category(char)[0] == 'Z'


def is_printable(text):
    """Whether every character of `text` can be printed (spaces can) and lies in the basic plane, as Nova wants it."""
    return text.isascii() and text.isprintable() or all(_printable(char) and char < '\uffff' for char in text)


def _is_name(text):
    return is_printable(text) and not (text and (_is_space(text[0]) or _is_space(text[-1])))


def _is_loose_name(text):
    return is_printable(text) and any(not _is_space(char) for char in text)


def _is_base64(text):
    try:
        base64.b64decode(text.encode())
    except (binascii.Error, ValueError):
        return False
    return True


def _is_cidr(text):
    if '/' not in text or re.search(r'\s', text):
        return False
    try:
        ipaddress.ip_network(text, strict=False)
    except ValueError:
        return False
    return True


def is_uuid(text):
    """Whether `text` is a UUID in any of the usual spellings."""
    try:
        return str(uuid.UUID(text)).replace('-', '') == _bare(text)
    except (TypeError, ValueError, AttributeError):
        return False


def _bare(text):
    return text.replace('urn:', '').replace('uuid:', '').strip('{}').replace('-', '').lower()


def _is_uri(text):
    try:
        parts = urllib.parse.urlsplit(text)
        parts.port  # noqa: B018  a bad port raises here
    except ValueError:
        return False
    return bool(parts.scheme and parts.hostname) and re.fullmatch(r'[!-~]+', text) is not None


def _is_regex(text):
    try:
        re.compile(text)
    except (re.error, RecursionError, OverflowError):
        return False
    return bool(text)


def parse_time(text):
    """The aware datetime of an ISO 8601 text; UTC where it names no zone. Raises ValueError."""
    time = datetime.datetime.fromisoformat(text)
    time = time if time.tzinfo else time.replace(tzinfo=datetime.UTC)
    try:
        return time.astimezone(datetime.UTC)
    except OverflowError as error:
        raise ValueError(str(error)) from error


def _is_time(text):
    try:
        parse_time(text)
    except ValueError:
        return False
    return True


# What a name must be, for the texts of errors.
NAME_RULES = {
    'name': 'printable characters, without whitespace at the start or the end.',
    'name_with_leading_trailing_spaces': 'printable characters, at least one of them not whitespace.',
    'az_name': 'printable characters except :, without whitespace at the start or the end.',
    'az_name_with_leading_trailing_spaces': 'printable characters except :, at least one of them not whitespace.',
}

FORMATS = {
    'name': _is_name,
    'name_with_leading_trailing_spaces': _is_loose_name,
    'az_name': lambda text: ':' not in text and _is_name(text),
    'az_name_with_leading_trailing_spaces': lambda text: ':' not in text and _is_loose_name(text),
    'printable': is_printable,
    'base64': _is_base64,
    'cidr': _is_cidr,
    'uuid': is_uuid,
    'uri': _is_uri,
    'regex': _is_regex,
    'date-time': _is_time,
}
