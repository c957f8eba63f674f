# SPDX-License-Identifier: Apache-2.0
"""map_az_to_placement_aggregate: only hosts of the availability zone that was asked for."""

from nova_lite.scheduler.kinds import RequestFilter


class AvailabilityZone(RequestFilter):
    """A zone is every aggregate with its name; the default zone is what is in none, and narrows nothing."""

    checks_hosts = True

    def concerns(self, request):
        return bool(request.wish.availability_zone)

    def narrow(self, query, request):
        uuids = [each.uuid for each in request.aggregates if each.zone == request.wish.availability_zone]
        if uuids and request.wish.availability_zone != self.conf.default_availability_zone:
            query.member_of(uuids)

    def reason_against(self, host, request):
        zone = request.wish.availability_zone
        return None if host.zone == zone else f'is not in availability zone {zone}'
