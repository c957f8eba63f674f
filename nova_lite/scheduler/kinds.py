# SPDX-License-Identifier: Apache-2.0
"""The three kinds of part a decision is made of: RequestFilter, Filter, Weigher. `doc/adding-a-filter.rst` shows how.

Each part is made once for a process and may keep nothing about a request.
"""


class RequestFilter:
    """Changes the question before placement is asked; then may check each host that came back."""

    # Whether `reason_against` says anything: what narrows by aggregates must check the hosts too.
    checks_hosts = False

    def __init__(self, conf):
        self.conf = conf

    def concerns(self, request):
        """Whether this request has to do with it."""
        return True

    def narrow(self, query, request):
        """Add to `query` (query.Query) what `request` needs."""
        raise NotImplementedError

    def reason_against(self, host, request):
        """As Filter.reason_against, but asked of a forced host too: placement would not have proposed it."""
        return None


class Filter:
    """Keeps or removes one host."""

    # What `HostState` must have counted for it: 'servers', 'io_ops', 'build_failures'.
    counts = ()

    def __init__(self, conf):
        self.conf = conf

    def concerns(self, request):
        """Whether there is anything to ask for this request; False leaves every host in."""
        return True

    def reason_against(self, host, request):
        """A few words why `host` (HostState) is out of the question, the same for many hosts; None if it is not."""
        raise NotImplementedError


class Weigher:
    """Weighs one host. `option` is in [filter_scheduler], and a metadata key of aggregates that goes before it.

    `rank.py` scales the values to 0..1 and adds them up, times their multipliers, as Nova does.
    """

    option = None
    counts = ()
    # Values are cut to these before they are scaled; None: the smallest or largest of the hosts.
    lowest = None
    highest = None

    def __init__(self, conf):
        self.conf = conf

    def concerns(self, request):
        """Whether it says anything about this request."""
        return True

    def multiplier(self, host=None):
        """How much it counts: the option's value, or for a host the smallest that its aggregates give."""
        default = getattr(self.conf.filter_scheduler, self.option)
        return smallest(host.values_of(self.option), default, float) if host is not None else default

    def weight(self, host, request):
        """Any number; more is better if the multiplier is positive."""
        raise NotImplementedError


def smallest(values, default, kind=int):
    """The smallest of the numbers in `values` (text of aggregates); `default` when there is none."""
    numbers = []
    for value in values:
        try:
            numbers.append(kind(value))
        except ValueError:
            continue
    return min(numbers, default=default)
