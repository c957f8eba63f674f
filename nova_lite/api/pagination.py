# SPDX-License-Identifier: Apache-2.0
"""Pages of lists: limit and marker in, `<collection>_links` out, sort keys and directions."""

from nova_lite import errors


class MarkerNotFound(errors.Invalid):
    """The marker names nothing that the asker can see."""

    def __init__(self, marker):
        super().__init__(f'marker [{marker}] not found')


def limit(request):
    """How many items a page holds at most: `limit`, but never more than `[api] max_limit`."""
    most = request.conf.api.max_limit
    return min(most, integer(request, 'limit', most))


def marker(request):
    """The last item of the page before, or None."""
    return request.param('marker')


def integer(request, name, default):
    """A query parameter as a whole number of at least 0. Raises Invalid."""
    value = request.param(name)
    if value is None:
        return default
    if not (value.isascii() and value.isdigit()) or len(value) > 18:
        raise errors.Invalid(f'Invalid input for query parameters {name}. Value: {value[:64]}. It must be a whole '
                             f'number between 0 and 10**18.')
    return int(value)


def next_links(request, path, count, last_marker):
    """`links.next_page` if this page of `count` items is full, else None; `last_marker()` names its last item."""
    most = limit(request)
    if most and count == most:
        return request.links.next_page(path, last_marker())
    return None


def sorting(request, default_key, default_dir):
    """[(key, 'asc' or 'desc')] as asked; a direction that is missing is the first one given, as in Nova."""
    keys = [key.strip() for key in request.query.get('sort_key', ())] or [default_key]
    directions = [direction.strip() for direction in request.query.get('sort_dir', ())] or [default_dir]
    if len(directions) > len(keys):
        raise errors.Invalid('Sort direction array is larger than sort key array')
    directions += directions[:1] * (len(keys) - len(directions))
    for direction in directions:
        if direction not in ('asc', 'desc'):
            raise errors.Invalid(f"Unknown sort direction {direction!r}, must be 'asc' or 'desc'")
    return list(zip(keys, directions, strict=True))
