# SPDX-License-Identifier: Apache-2.0
"""Times as Nova writes them: two ways, by resource."""


def naive(time):
    """`2024-01-02T03:04:05.000000`, without a zone; None stays None."""
    return time if time is None else time.strftime('%Y-%m-%dT%H:%M:%S.%f')


def zulu(time):
    """`2024-01-02T03:04:05Z`; None stays None."""
    return time if time is None else time.strftime('%Y-%m-%dT%H:%M:%SZ')
