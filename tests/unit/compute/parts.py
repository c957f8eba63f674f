# SPDX-License-Identifier: Apache-2.0
"""Parts for the tests of the agent: a clock to turn by hand, guests, requests, a fake driver, a Glance in memory."""

import datetime
import random
import threading
import time

from nova_lite.compute import images, lanes
from nova_lite.conf import new
from nova_lite.messages import guests, jobs
from nova_lite.virt import fake

SERVER = '7c6ef9a6-3d3c-4b2c-9d55-1d2f6e3a8a01'
DEADLINE = 10


class Clock:
    """Turns only when told."""

    def __init__(self, now=1_700_000_000.0):
        self.time = now

    def now(self):
        return datetime.datetime.fromtimestamp(self.time, datetime.UTC)

    def monotonic(self):
        return self.time


class Glance:
    """Images in memory. `gate`, where given, is waited for in each download."""

    def __init__(self, content=b'', gate=None):
        self.content = content
        self.gate = gate
        self.downloads = 0
        self.begun = threading.Event()

    def download(self, image_id, context=None):
        self.downloads += 1
        self.begun.set()
        if self.gate:
            self.gate.wait(DEADLINE)
        for start in range(0, len(self.content), 4096):
            yield self.content[start:start + 4096]


def options(**overrides):
    """Options with nothing read from files; `overrides` are of [DEFAULT], or `group__name`."""
    conf = new(config_files=[], config_dirs=[])
    for name, value in overrides.items():
        group, _, option = name.rpartition('__')
        conf.set_override(option, value, group=group or None)
    return conf


def fake_driver(conf=None):
    return fake.FakeDriver(conf or options(host='host-1'), random=random.Random(1))


def no_images(driver):
    return images.ImageCache(driver.disks, Glance(), Clock(), lanes.Slots(0))


def guest(uuid=SERVER, **fields):
    flavor = guests.Flavor(id=1, flavorid='1', name='m1.tiny', vcpus=1, memory_mb=128, root_gb=1)
    values = {'name': 'instance-00000001', 'hostname': 'one', 'display_name': 'one', 'project_id': 'p', 'user_id': 'u',
              'flavor': flavor}
    return guests.Guest(uuid=uuid, **{**values, **fields})


def request(work, fence=1, step=None, order_id=1, attempt=1, undoing=False, uuid=SERVER, secrets=None):
    key = jobs.Key(order_id=order_id, attempt=attempt, step=step or type(work).__name__, undoing=undoing)
    return jobs.Request(key=key, server_uuid=uuid, fence=fence, work=work, secrets=secrets or {})


def wait_until(condition, what='the condition'):
    """Wait for something that has no event of its own."""
    deadline = time.monotonic() + DEADLINE
    pause = threading.Event()
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f'{what} did not come true in {DEADLINE} s')
        pause.wait(0.005)
