# SPDX-License-Identifier: Apache-2.0
"""What handlers work with, passed in. No global stands behind any of it: nova-all and tests compose their own."""

import dataclasses
import typing

from nova_lite.clients.glance import Glance
from nova_lite.clients.keystone import Keystone
from nova_lite.clients.placement import Placement
from nova_lite.db.cells import Cells
from nova_lite.operations.secrets import Vault
from nova_lite.policies.enforcer import Enforcer
from nova_lite.rpc.compute import Compute
from nova_lite.rpc.conductor import Conductor


@dataclasses.dataclass(frozen=True)
class Deps:
    """`conf` ConfigOpts; `cells` db.cells.Cells; `policy` policies.enforcer.Enforcer; `clock` service.clock.Clock.

    The rest may be None where a deployment has none: `conductor` and `compute` (rpc clients), `images` (Glance),
    `projects` (Keystone: `verify_project(context, project_id)`), `networks`, `volumes`, `placement`, `vault`
    (operations.secrets.Vault).
    """

    conf: typing.Any
    cells: typing.Any
    policy: typing.Any
    clock: typing.Any
    conductor: typing.Any = None
    compute: typing.Any = None
    images: typing.Any = None
    projects: typing.Any = None
    networks: typing.Any = None
    volumes: typing.Any = None
    placement: typing.Any = None
    vault: typing.Any = None


def build(runtime, cells=None):
    """The Deps of a daemon: `runtime` (service.runtime.Runtime) brings options, clock and bus.

    Clients are made here and connect at first use. `cells`: None opens the databases that the options name.
    """
    conf = runtime.conf
    return Deps(
        conf=conf,
        cells=cells or Cells.from_conf(conf),
        policy=Enforcer(conf),
        clock=runtime.clock,
        conductor=Conductor(runtime.bus),
        compute=Compute(runtime.bus),
        images=Glance.from_conf(conf),
        projects=Keystone.from_conf(conf) if conf.api.auth_strategy == 'keystone' else None,
        placement=Placement.from_conf(conf),
        vault=Vault(conf.orders.secret_key),
    )
