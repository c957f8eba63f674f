# SPDX-License-Identifier: Apache-2.0
"""Talk to systemd (sd_notify(3)) through NOTIFY_SOCKET; without one, every function does nothing."""

import os
import socket
import time


def notify(*lines):
    """Send lines such as `READY=1`. A manager that went away is not an error."""
    address = os.environ.get('NOTIFY_SOCKET')
    if not address or address[0] not in '@/':
        return
    if address[0] == '@':
        address = '\0' + address[1:]
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as channel:
        # A manager that does not read must not hold up the daemon.
        channel.settimeout(0.5)
        try:
            channel.sendto('\n'.join(lines).encode(), address)
        except OSError:
            return


def ready(status):
    """The daemon serves; `status` is one line for people."""
    notify('READY=1', f'STATUS={status}')


def reloading():
    """Options are being read again; `ready` must follow."""
    notify('RELOADING=1', f'MONOTONIC_USEC={time.monotonic_ns() // 1000}')


def stopping():
    """The daemon drains."""
    notify('STOPPING=1', 'STATUS=Finishing what runs')


def watchdog_interval():
    """Seconds after which systemd wants to hear WATCHDOG=1 from this process, or None."""
    microseconds = os.environ.get('WATCHDOG_USEC', '')
    pid = os.environ.get('WATCHDOG_PID')
    if not microseconds.isdigit() or int(microseconds) == 0 or (pid and pid != str(os.getpid())):
        return None
    return int(microseconds) / 1e6
