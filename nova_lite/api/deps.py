# SPDX-License-Identifier: Apache-2.0
"""What handlers work with, passed in. No global stands behind any of it: nova-all and tests compose their own."""

import dataclasses
import typing


@dataclasses.dataclass(frozen=True)
class Deps:
    """`conf` ConfigOpts; `cells` db.cells.Cells; `policy` policies.enforcer.Enforcer; `clock` service.clock.Clock.

    The rest may be None where a deployment has none: `conductor` and `compute` (rpc clients), `images` (Glance),
    `projects` (Keystone: `verify_project(context, project_id)`), `networks`, `volumes`, `placement`.
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
