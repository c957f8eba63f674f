# SPDX-License-Identifier: Apache-2.0
"""ComputeCapabilitiesFilter: the host has what the flavor's extra specs `capabilities:...` ask for."""

from nova_lite.scheduler import matching
from nova_lite.scheduler.kinds import Filter

_SCOPE = 'capabilities'


class ComputeCapabilitiesFilter(Filter):
    """`capabilities:a:b` names what a host calls `a`, and in it `b`; a key without a scope counts if a host has it."""

    def concerns(self, request):
        return any(':' not in key or key.startswith(_SCOPE + ':') for key in request.specs)

    def reason_against(self, host, request):
        for key, wanted in request.specs.items():
            path = key.split(':')
            if len(path) == 1:
                if host.attribute(key) is None:
                    continue
            elif path[0] == _SCOPE:
                path = path[1:]
            else:
                continue
            has = _look_up(host, path)
            if has is None or not matching.matches(has if isinstance(has, list) else str(has), wanted):
                return f'does not have {key} {wanted}'
        return None


def _look_up(host, path):
    value = host.attribute(path[0])
    for name in path[1:]:
        value = value.get(name) if isinstance(value, dict) else None
    return value
