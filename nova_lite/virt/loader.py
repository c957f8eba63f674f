# SPDX-License-Identifier: Apache-2.0
"""Finds the driver that `compute_driver` names among the entry points `nova_lite.virt`."""

from importlib import metadata

from nova_lite import errors

_GROUP = 'nova_lite.virt'
_NAMES_OF_NOVA = {'libvirt.LibvirtDriver': 'libvirt', 'fake.FakeDriver': 'fake'}


class DriverNotFound(errors.Invalid):
    """`compute_driver` is empty or names no installed driver, or the driver's own libraries are missing."""


def load(conf, **parts):
    """The driver, made with `conf` and `parts` (clock, executor, random as `compute.service` has them).

    Raises DriverNotFound.
    """
    wanted = conf.compute_driver
    points = {point.name: point for point in metadata.entry_points(group=_GROUP)}
    if not wanted:
        raise DriverNotFound(f'Set compute_driver; installed are: {", ".join(sorted(points))}.')
    point = points.get(_NAMES_OF_NOVA.get(wanted, wanted))
    if point is None:
        raise DriverNotFound(f'There is no driver {wanted}; installed are: {", ".join(sorted(points))}.')
    try:
        make = point.load()
    except ImportError as error:
        raise DriverNotFound(f'The driver {wanted} cannot be loaded: {error}.') from error
    return make(conf, **parts)
