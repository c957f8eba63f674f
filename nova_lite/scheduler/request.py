# SPDX-License-Identifier: Apache-2.0
"""What one decision is about: the wish, and what was looked up for it before any host is. Frozen; no I/O."""

import msgspec

from nova_lite.db.aggregates import Aggregate
from nova_lite.db.server_groups import Group
from nova_lite.messages.scheduling import Wish

# Glance's older names of what Nova knows under another one.
_OLD_NAMES = {
    'architecture': 'hw_architecture', 'hypervisor_type': 'img_hv_type', 'vm_mode': 'hw_vm_mode',
    'hypervisor_version_requires': 'img_hv_requested_version',
}


class Request(msgspec.Struct, frozen=True):
    """A wish and its surroundings. `aggregates` are all there are, without their hosts; `hinted` is server uuid ->
    host of the servers that hints name; `nodes` are the node uuids that alone come into question (None: any).
    """

    wish: Wish
    group: Group | None = None
    aggregates: tuple[Aggregate, ...] = ()
    hinted: dict[str, str | None] = {}
    nodes: tuple[str, ...] | None = None

    @property
    def forced(self):
        """Whether the asker named the place and wants no filter (`availability_zone=zone:host:node`)."""
        return bool(self.wish.force_host or self.wish.force_node)

    @property
    def specs(self):
        return self.wish.flavor.extra_specs

    def image_properties(self):
        """The image's properties under their present names."""
        given = self.wish.image.properties if self.wish.image else {}
        return {_OLD_NAMES.get(name, name): value for name, value in given.items()}

    def hint(self, name, default=None):
        """A scheduler hint; of a list the first."""
        value = self.wish.scheduler_hints.get(name, default)
        if isinstance(value, list):
            return value[0] if value else default
        return value


def hinted_servers(hints, name):
    """The server uuids that hint `name` gives: one, or a list of them."""
    value = hints.get(name) or []
    return [value] if isinstance(value, str) else list(value)
