# SPDX-License-Identifier: Apache-2.0
"""What is asked of a guest's host. The host verifies and obeys; none of these chooses anything."""

from nova_lite import errors
from nova_lite.conductor import flow
from nova_lite.messages import jobs


def start_guest(at):
    """Make the guest and start it."""
    return flow.Result(value=at.job(jobs.StartGuest(at.guest())))


def destroy_started_guest(at):
    """Remove what `start_guest` may have made. What a dead host holds is the orphan reconciler's."""
    try:
        return flow.Result(value=at.job(jobs.DestroyGuest(at.guest_name())))
    except errors.Unavailable:
        if not at.is_lost(at.host):
            raise
    return flow.Result(value={'left_to_orphans': at.host})


def power_on(at):
    """Start the guest that is there."""
    return flow.Result(value=at.job(jobs.PowerOn(at.guest())))


def power_off(at):
    """Let the guest shut down, then cut its power."""
    clean = at.input.clean
    return flow.Result(value=at.job(jobs.PowerOff(
        at.guest_name(), timeout=at.conf.shutdown_timeout if clean else 0)))


def reboot_soft(at):
    """Ask the guest to start again; its host cuts its power when it does not."""
    return flow.Result(value=at.job(jobs.Reboot(at.guest(), hard=False)))


def reboot_hard(at):
    """Cut the guest's power and start it from its definition, made anew."""
    return flow.Result(value=at.job(jobs.Reboot(at.guest(), hard=True)))


def server_host(at):
    """The host that the server is on."""
    return at.server.host
