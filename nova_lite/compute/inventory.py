# SPDX-License-Identifier: Apache-2.0
"""What this host has, kept true in placement: its provider, inventories and traits. Writes only what differs."""

import math
import os
import uuid as uuids
from pathlib import Path

from oslo_log import log

from nova_lite import errors
from nova_lite.clients import placement
from nova_lite.messages.hosts import HostFacts
from nova_lite.virt import capabilities

LOG = log.getLogger(__name__)

_CPU_FLAGS = 'HW_CPU_X86_'
# Traits of the driver and the node that are ours to take away again, besides those of `capabilities`.
_OURS = (_CPU_FLAGS, 'COMPUTE_STORAGE_BUS_', 'COMPUTE_GRAPHICS_MODEL_', 'COMPUTE_FIRMWARE_')


class IdentityInvalid(errors.Invalid):
    """The file `compute_id` does not hold a uuid."""


class Inventory:
    """The host's inventory. `providers` is placement's face (`clients.placement.Providers`)."""

    def __init__(self, conf, driver, providers, node_uuid):
        self._conf = conf
        self._driver = driver
        self._providers = providers
        self._uuid = node_uuid

    def update(self):
        """Look at the hypervisor, mend placement, and return what the conductor is told (`HostFacts`).

        Raises Unavailable if placement or the hypervisor does not answer, Conflict if somebody else wrote meanwhile
        or the node's name belongs to another provider.
        """
        facts = self._driver.host.facts()
        self._providers.ensure(self._uuid, facts.node)
        wanted = self._mend_inventories()
        self._mend_traits()
        return self._describe(facts, wanted)

    def _mend_inventories(self):
        present = self._providers.inventories(self._uuid)
        wanted = {
            name: self._inventory(name, amount, present.inventories.get(name))
            for name, amount in self._driver.host.inventory().items()
        }
        if wanted != present.inventories:
            LOG.info('inventory of %s: %s', self._uuid, {name: found.total for name, found in wanted.items()})
            self._providers.set_inventories(self._uuid, wanted, present.resource_provider_generation)
        return wanted

    def _inventory(self, name, amount, present):
        """The inventory of one class. An operator's ratio in placement stays, unless an option says another."""
        conf = self._conf
        reserved, configured, initial = {
            'VCPU': (conf.reserved_host_cpus, conf.cpu_allocation_ratio, conf.initial_cpu_allocation_ratio),
            'MEMORY_MB': (conf.reserved_host_memory_mb, conf.ram_allocation_ratio, conf.initial_ram_allocation_ratio),
            'DISK_GB': (math.ceil(conf.reserved_host_disk_mb / 1024), conf.disk_allocation_ratio,
                        conf.initial_disk_allocation_ratio),
        }.get(name, (0, None, 1.0))
        ratio = configured or (present.allocation_ratio if present else initial)
        return placement.Inventory(
            total=amount.total, reserved=min(reserved, amount.total), min_unit=1, max_unit=amount.total,
            step_size=amount.step_size, allocation_ratio=ratio)

    def _mend_traits(self):
        present = self._providers.traits(self._uuid)
        by_capability = capabilities.traits(self._driver.capabilities, self._conf.compute.image_type_exclude_list)
        has = {trait for trait, true in by_capability.items() if true} | self._driver.host.traits() | {'COMPUTE_NODE'}
        kept = {trait for trait in present.traits if trait not in by_capability and not trait.startswith(_OURS)}
        if kept | has != set(present.traits):
            self._providers.set_traits(self._uuid, sorted(kept | has), present.resource_provider_generation)

    def _describe(self, facts, wanted):
        ratios = {name: inventory.allocation_ratio for name, inventory in wanted.items()}
        return HostFacts(
            host=self._conf.host, uuid=self._uuid, host_ip=self._conf.my_ip,
            cpu_allocation_ratio=ratios.get('VCPU', 1.0), ram_allocation_ratio=ratios.get('MEMORY_MB', 1.0),
            disk_allocation_ratio=ratios.get('DISK_GB', 1.0),
            **{name: getattr(facts, name) for name in facts.__struct_fields__})


def node_uuid(state_path):
    """The node's identity from the file `compute_id` in the state folder, made if there is none yet.

    Raises IdentityInvalid: an identity must not change by accident, because servers and allocations hang on it.
    """
    path = Path(state_path) / 'compute_id'
    try:
        text = path.read_text().strip()
    except FileNotFoundError:
        return _make_identity(path)
    try:
        return str(uuids.UUID(text))
    except ValueError as error:
        raise IdentityInvalid(f'{path} holds {text[:40]!r}, which is not a uuid.') from error


def _make_identity(path):
    """Write a new identity; if another process writes one at the same moment, that one counts."""
    made = str(uuids.uuid4())
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f'{path.name}.{made}')
    with open(temporary, 'w') as file:
        file.write(made + '\n')
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(temporary, path)
    except FileExistsError:
        return node_uuid(path.parent)
    finally:
        temporary.unlink()
    return made
