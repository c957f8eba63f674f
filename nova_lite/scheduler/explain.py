# SPDX-License-Identifier: Apache-2.0
"""Keeps which stage removed which host, and why: the Explanation that is stored with the order. No I/O."""

from nova_lite.messages.scheduling import Explanation, Removal

# A cloud has more hosts than a person reads.
MOST_HOSTS = 50


class Trail:
    """The stages of one decision, in order. `silent`: see `Selection`."""

    def __init__(self):
        self._stages = []
        self.silent = False

    def count(self, stage, before, after, reason='', hosts=()):
        """Note a stage by its numbers. `hosts`: names of those it removed."""
        self._stages.append(Removal(stage, before, after, reason, sorted(hosts)[:MOST_HOSTS]))

    def keep(self, stage, hosts, reason_against):
        """The hosts that `reason_against(host)` has nothing to say of; the others are noted with their reasons."""
        kept, removed, reasons = [], [], {}
        for host in hosts:
            reason = reason_against(host)
            if reason is None:
                kept.append(host)
            else:
                removed.append(host.host)
                reasons[reason] = reasons.get(reason, 0) + 1
        self.count(stage, len(hosts), len(kept), _say(reasons), removed)
        return kept

    def end(self, chosen=None):
        """The Explanation, with the name of the host that was taken, if any."""
        return Explanation(stages=list(self._stages), chosen=chosen)


def _say(reasons):
    often = sorted(reasons.items(), key=lambda item: (-item[1], item[0]))[:10]
    return '; '.join(f'{reason} ({count})' for reason, count in often)
