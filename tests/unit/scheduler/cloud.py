# SPDX-License-Identifier: Apache-2.0
"""A cloud as the scheduler sees it: real tables on SQLite in memory, placement in memory."""

import random
import types
import uuid

from nova_lite import conf as conf_module
from nova_lite import states
from nova_lite.db import aggregates, hosts, orders, server_groups, servers, services
from nova_lite.db.cells import Cells
from nova_lite.db.models import api, cell
from nova_lite.messages.guests import Flavor
from nova_lite.messages.hosts import Heartbeat, HostFacts
from nova_lite.messages.scheduling import Wish
from nova_lite.scheduler.select import Parts, select
from tests.fakes.placement import FakePlacement
from tests.fakes.time import VirtualClock

FLAVOR = Flavor(id=1, flavorid='1', name='m1.small', vcpus=1, memory_mb=512, root_gb=1)
KVM = [['x86_64', 'kvm', 'hvm'], ['x86_64', 'qemu', 'hvm']]


def node_uuid(name):
    return str(uuid.uuid5(uuid.NAMESPACE_DNS, name))


class Cloud:
    """`add_host`, `new_server`, then `select`. Options by `set(group, name, value)` before the first `select`."""

    def __init__(self, url='sqlite://', placement=None):
        self.conf = conf_module.new(config_files=[], config_dirs=[])
        self.clock = VirtualClock()
        self.cells = Cells(url, url, clock=self.clock.time)
        self.database = self.cells.get()
        if url == 'sqlite://':
            self.cells.api.dispose()
            self.cells.api = self.database
        api.metadata.create_all(self.cells.api.engine)
        cell.metadata.create_all(self.database.engine)
        self.placement = placement or FakePlacement()
        self._parts = None

    def close(self):
        self.cells.dispose()

    def set(self, group, name, value):
        self.conf.set_override(name, value, group=group)

    def parts(self, seed=1):
        """The parts of one scheduler; each call makes another process, so to say."""
        runtime = types.SimpleNamespace(conf=self.conf, clock=self.clock, random=random.Random(seed))
        return Parts.of(runtime, self.cells, self.placement)

    def select(self, wish):
        self._parts = self._parts or self.parts()
        return select(wish, self._parts)

    def add_host(self, name, vcpus=8, memory_mb=8192, local_gb=100, traits=(), up=True, **facts):
        """A host with one node of the same name; its facts, its service and its provider."""
        values = {'hypervisor_type': 'QEMU', 'hypervisor_version': 8002000, 'host_ip': '192.0.2.1',
                  'supported_instances': KVM, **facts}
        facts = HostFacts(host=name, node=name, uuid=node_uuid(name), vcpus=vcpus, memory_mb=memory_mb,
                          local_gb=local_gb, **values)
        with self.database.write() as tx:
            hosts.upsert_facts(tx, facts, self.clock.now())
        self.placement.add(facts.uuid, traits, VCPU=vcpus, MEMORY_MB=memory_mb, DISK_GB=local_gb)
        if up:
            self.beat(name)
        return facts.uuid

    def beat(self, host):
        beat = Heartbeat(host=host, binary='nova-compute', topic='compute', boot_id='boot')
        self.database.transact(services.heartbeat, beat, self.clock.now())

    def service(self, host):
        with self.database.read() as tx:
            return services.get_by_host(tx, host, 'nova-compute', down_after=60)

    def disable(self, host):
        with self.database.write() as tx:
            row = services.get_by_host(tx, host, 'nova-compute', down_after=60)
            services.set_disabled(tx, row.uuid, True, 'maintenance', self.clock.now())

    def force_down(self, host):
        with self.database.write() as tx:
            row = services.get_by_host(tx, host, 'nova-compute', down_after=60)
            services.set_forced_down(tx, row.uuid, True, self.clock.now())

    def aggregate(self, name, hosts_in, **metadata):
        now = self.clock.now()
        with self.cells.api.write() as tx:
            made = aggregates.create(tx, name, now)
            aggregates.set_metadata(tx, made.id, metadata, now)
            for host in hosts_in:
                made = aggregates.add_host(tx, made.id, host, now)
        return made

    def group(self, policy, **rules):
        with self.cells.api.write() as tx:
            return server_groups.create(tx, name='group', project_id='project', user_id='user', policy=policy,
                                        rules=rules, now=self.clock.now()).uuid

    def members(self, group):
        with self.cells.api.read() as tx:
            return server_groups.get(tx, group).members

    def new_server(self, flavor=FLAVOR, group=None, host=None, fence=1, vm_state=states.BUILDING, **wish):
        """A server that is being built, with its order; the Wish for it."""
        server, now = str(uuid.uuid4()), self.clock.now()
        with self.database.write() as tx:
            servers.insert(tx, {'uuid': server, 'project_id': 'project', 'user_id': 'user', 'display_name': 'demo',
                                'hostname': 'demo', 'vm_state': vm_state, 'fence': fence, 'host': host,
                                'flavorid': flavor.flavorid, 'flavor': flavor, 'created_at': now})
            order = orders.insert(tx, server_uuid=server, operation='build', action='create', state=orders.OPEN,
                                  open_key=server, fence=fence, input={}, created_at=now)
        if group is not None:
            with self.cells.api.write() as tx:
                server_groups.add_member(tx, group, server)
        values = {'attempt': 1, 'cell': '', 'project_id': 'project', 'user_id': 'user'}
        return Wish(order_id=order, fence=fence, server_uuid=server, flavor=flavor, group_uuid=group,
                    **(values | wish))

    def supersede(self, wish):
        self.database.transact(orders.supersede, wish.server_uuid, 'deleted', self.clock.now())
