# SPDX-License-Identifier: Apache-2.0
"""A hypervisor in memory, with latencies and failures to order: for tests, demonstrations and scale runs."""

from nova_lite.virt import capabilities, driver
from nova_lite.virt.fake import consoles, disks, guests, host, hypervisor

CAPABILITIES = capabilities.Capabilities(
    supports=frozenset({'attach_interface', 'device_tagging', 'migrate_to_same_host'}),
    image_formats=frozenset({'qcow2', 'raw'}),
)


class FakeDriver(driver.Driver):
    """The fake driver; `hypervisor` is the pretended host, for tests that look inside or break it."""

    def __init__(self, conf, random, **unused):
        self.hypervisor = hypervisor.Hypervisor(conf.fake, conf.host, random)
        super().__init__(
            'fake', CAPABILITIES,
            guests=guests.FakeGuests(self.hypervisor), disks=disks.FakeDisks(self.hypervisor),
            consoles=consoles.FakeConsoles(self.hypervisor), host=host.FakeHost(self.hypervisor, conf.fake),
        )
