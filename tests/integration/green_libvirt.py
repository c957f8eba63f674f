# SPDX-License-Identifier: Apache-2.0
"""The libvirt driver with green threads, as a program: `green_libvirt URI FOLDER`. Ends with 0 if all went well.

A guest is started and destroyed; its events must arrive, and the other green threads must not be held up meanwhile.
"""

import sys

from nova_lite.service import concurrency

LONGEST_STALL = 1.0


def main(uri, folder):
    """Run; raises AssertionError for whatever is not as it must be."""
    concurrency.prepare([], {concurrency.ENVIRONMENT: 'eventlet'})
    import pathlib
    import threading
    import time
    import uuid

    from nova_lite.messages.guests import Image
    from nova_lite.service.executor import ThreadExecutor
    from nova_lite.virt.interfaces import Change
    from nova_lite.virt.libvirt import LibvirtDriver
    from tests.unit.compute import parts
    from tests.unit.virt.driver_suite import Task

    executor = ThreadExecutor(4)
    driver = LibvirtDriver(parts.options(
        host='green', state_path=folder, libvirt__virt_type='qemu', libvirt__connection_uri=uri), executor=executor)
    seen, stalls = [], []
    driver.host.watch(lambda guest, change: seen.append((guest, change)))

    def tick():
        last = time.monotonic()
        while True:
            time.sleep(0.02)
            stalls.append(time.monotonic() - last)
            last = time.monotonic()

    threading.Thread(target=tick, daemon=True).start()
    guest = parts.guest(str(uuid.uuid4()), name=f'green-{uuid.uuid4().hex[:8]}', config_drive=True,
                        image=Image(id='blank', disk_format='raw'))
    base = driver.disks.image_file(guest.image)
    base.parent.mkdir(parents=True)
    pathlib.Path(base).write_bytes(bytes(1024 * 1024))
    driver.disks.create(guest, base, Task())
    driver.guests.start(guest, Task())
    driver.guests.power_off(guest.uuid, 1, 1, Task())
    driver.guests.destroy(guest.uuid, Task())
    driver.disks.remove(guest.uuid, Task())
    deadline = time.monotonic() + 10
    while (guest.uuid, Change.REMOVED) not in seen:
        assert time.monotonic() < deadline, f'events did not arrive: {seen}'
        time.sleep(0.02)
    assert {Change.STARTED, Change.STOPPED} <= {change for _, change in seen}, seen
    assert max(stalls) < LONGEST_STALL, f'green threads were held up for {max(stalls):.2f} s'
    driver.close()
    executor.shutdown()


if __name__ == '__main__':
    main(*sys.argv[1:])
