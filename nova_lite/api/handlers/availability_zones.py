# SPDX-License-Identifier: Apache-2.0
"""Availability zones: those that services are in. One is available while a service in it is enabled."""

from nova_lite.api import cells
from nova_lite.api.handlers.services import zone_finder
from nova_lite.api.operation import operation
from nova_lite.api.schemas import types
from nova_lite.api.views import availability_zones as views
from nova_lite.db import services
from nova_lite.policies import availability_zones as rules


@operation(query=types.NO_QUERY)
def index(req):
    """GET /os-availability-zone"""
    req.authorize(rules.LIST, {})
    available, others = _zones(req)
    internal = req.conf.internal_service_availability_zone
    return {'availabilityZoneInfo': [
        views.zone(name, state) for names, state in ((available, True), (others, False))
        for name in sorted(names) if name != internal]}


@operation(query=types.NO_QUERY)
def detail(req):
    """GET /os-availability-zone/detail"""
    req.authorize(rules.DETAIL, {})
    available, others = _zones(req)
    return {'availabilityZoneInfo': [
        *(views.zone(name, True, hosts) for name, hosts in sorted(available.items())),
        *(views.zone(name, False) for name in sorted(others))]}


def _zones(req):
    """(zone -> host -> enabled services, names of the zones without any)."""
    zone = zone_finder(req)
    available, others = {}, set()
    for _cell, rows in cells.gather(req, services.list, down_after=req.conf.service_down_time):
        for service in rows:
            if service.disabled:
                others.add(zone(service))
            else:
                available.setdefault(zone(service), {}).setdefault(service.host, []).append(service)
    return available, others - set(available)
