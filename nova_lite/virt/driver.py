# SPDX-License-Identifier: Apache-2.0
"""A driver: a name, what it is able to do, and its interfaces."""

from nova_lite.virt import interfaces

INTERFACES = ('guests', 'disks', 'nics', 'volumes', 'snapshots', 'migrations', 'consoles', 'devices', 'host')


class Driver:
    """Composed, not inherited: each interface is an object of its own; one that is not given answers Unsupported.

    `capabilities` is a `capabilities.Capabilities`; `close` frees what the driver holds (connections, threads).
    """

    def __init__(self, name, capabilities, close=lambda: None, **given):
        unknown = set(given) - set(INTERFACES)
        if unknown:
            raise TypeError(f'no such interface: {", ".join(sorted(unknown))}')
        self.name = name
        self.capabilities = capabilities
        self.close = close
        for interface in INTERFACES:
            setattr(self, interface, given.get(interface) or interfaces.Missing(name, interface))
