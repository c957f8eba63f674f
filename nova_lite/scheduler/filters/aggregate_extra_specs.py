# SPDX-License-Identifier: Apache-2.0
"""AggregateInstanceExtraSpecsFilter: the host's aggregates have the metadata that the flavor's extra specs ask for."""

from nova_lite.scheduler import matching
from nova_lite.scheduler.kinds import Filter

_SCOPE = 'aggregate_instance_extra_specs'


class AggregateInstanceExtraSpecsFilter(Filter):
    """Looks at keys without a scope, and at `aggregate_instance_extra_specs:KEY`."""

    def concerns(self, request):
        return bool(_wanted(request))

    def reason_against(self, host, request):
        for key, wanted in _wanted(request).items():
            if not any(matching.matches(value, wanted) for value in host.values_of(key)):
                return f'is in no aggregate with {key} {wanted}'
        return None


def _wanted(request):
    wanted = {}
    for key, value in request.specs.items():
        scope, separator, name = key.partition(':')
        if not separator:
            wanted[key] = value
        elif scope == _SCOPE:
            wanted[name] = value
    return wanted
