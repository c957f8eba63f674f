# SPDX-License-Identifier: Apache-2.0
"""isolate_aggregates: hosts of aggregates that demand traits take only servers which ask for these traits."""

from nova_lite.scheduler.kinds import RequestFilter

_PREFIX = 'trait:'


class IsolatedAggregates(RequestFilter):
    """On with `enable_isolated_aggregate_filtering`; the demand is the metadata `trait:NAME=required`."""

    checks_hosts = True

    def concerns(self, request):
        return self.conf.scheduler.enable_isolated_aggregate_filtering

    def narrow(self, query, request):
        asked = _asked(request)
        uuids = [each.uuid for each in request.aggregates if _demanded(each) - asked]
        if uuids:
            query.not_member_of(uuids)

    def reason_against(self, host, request):
        asked = _asked(request)
        return 'is for servers that ask for its traits' if any(
            _demanded(each) - asked for each in host.aggregates) else None


def _demanded(aggregate):
    return {key for key, value in aggregate.metadata.items() if key.startswith(_PREFIX) and value == 'required'}


def _asked(request):
    image = request.wish.image.properties if request.wish.image else {}
    return {key for source in (request.specs, image) for key, value in source.items()
            if key.startswith(_PREFIX) and value == 'required'}
