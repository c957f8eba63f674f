# SPDX-License-Identifier: Apache-2.0
"""Guests as libvirt domains: defined anew from their description before each start, so that a change takes effect."""

import os

import libvirt

from nova_lite import errors, states
from nova_lite.messages.hosts import GuestState
from nova_lite.virt.interfaces import GuestNotFound, Guests
from nova_lite.virt.libvirt.xml import domain as domain_xml

_POWER_STATES = {
    libvirt.VIR_DOMAIN_NOSTATE: states.NOSTATE,
    libvirt.VIR_DOMAIN_RUNNING: states.RUNNING,
    libvirt.VIR_DOMAIN_BLOCKED: states.RUNNING,
    libvirt.VIR_DOMAIN_PAUSED: states.POWER_PAUSED,
    # It is shutting down, but its processes still live.
    libvirt.VIR_DOMAIN_SHUTDOWN: states.RUNNING,
    libvirt.VIR_DOMAIN_SHUTOFF: states.SHUTDOWN,
    libvirt.VIR_DOMAIN_CRASHED: states.CRASHED,
    libvirt.VIR_DOMAIN_PMSUSPENDED: states.POWER_SUSPENDED,
}
# What libvirt answers to a description that it will never accept.
_UNACCEPTABLE = {libvirt.VIR_ERR_XML_ERROR, libvirt.VIR_ERR_XML_DETAIL, libvirt.VIR_ERR_CONFIG_UNSUPPORTED,
                 libvirt.VIR_ERR_XML_INVALID_SCHEMA, libvirt.VIR_ERR_CPU_INCOMPATIBLE}
# What may pass, or leaves open how far libvirt came.
_UNCERTAIN = {libvirt.VIR_ERR_OPERATION_TIMEOUT, libvirt.VIR_ERR_RPC}
_UNDEFINE = (libvirt.VIR_DOMAIN_UNDEFINE_MANAGED_SAVE | libvirt.VIR_DOMAIN_UNDEFINE_SNAPSHOTS_METADATA
             | libvirt.VIR_DOMAIN_UNDEFINE_NVRAM | libvirt.VIR_DOMAIN_UNDEFINE_CHECKPOINTS_METADATA)
_POLL = 0.5
# Seconds before each try to start a guest: what failed for a passing reason gets a second chance.
_PAUSES = (0, 1, 3)


class GuestUnacceptable(errors.Unsupported):
    """The hypervisor cannot run such a guest."""


class NameTaken(errors.Conflict):
    """Another guest on this hypervisor has the name: two deployments with one `instance_name_template` share it."""


class LibvirtGuests(Guests):
    """Domains of one hypervisor. Only guests with a folder of ours are listed: others' domains are none of ours.

    `longest_soft_reboot`: seconds that this host gives a guest at most before it is rebooted hard.
    """

    def __init__(self, connection, files, maker, longest_soft_reboot):
        self._connection = connection
        self._files = files
        self._maker = maker
        self._longest_soft_reboot = longest_soft_reboot

    def start(self, guest, task):
        state = self._state(guest.uuid)
        if state == libvirt.VIR_DOMAIN_RUNNING:
            return
        if not self._files.root(guest.uuid).exists():
            raise GuestNotFound(f'The disks of {guest.uuid} do not exist.')
        text = domain_xml.build(self._maker.domain(guest))
        self._begin_console(guest.uuid)
        for pause in _PAUSES:
            task.sleep(pause)
            refusal = self._try_to_start(guest, text)
            if refusal is None:
                return
        raise refusal

    def power_off(self, uuid, timeout, retry_interval, task):
        if timeout > 0 and self._shut_down(uuid, timeout, max(retry_interval, 1), task):
            return
        if not self._connection.run(_cut_power, uuid):
            raise GuestNotFound()

    def reboot(self, guest, hard, timeout, task):
        if self._state(guest.uuid) is None:
            raise GuestNotFound()
        timeout = min(timeout, self._longest_soft_reboot)
        if not hard:
            self._shut_down(guest.uuid, timeout, max(timeout, 1), task)
        self._connection.run(_cut_power, guest.uuid)
        self.start(guest, task)

    def destroy(self, uuid, task):
        self._connection.run(_destroy, uuid)

    def info(self, uuid):
        return self._connection.run(_info, uuid)

    def list(self):
        ours = self._files.guests()
        return [found for found in self._connection.run(_list) if found.uuid in ours]

    def _state(self, uuid):
        return self._connection.run(_libvirt_state, uuid)

    def _shut_down(self, uuid, timeout, retry_interval, task):
        """Ask the guest politely, again at each interval, for `timeout` seconds. Whether it is off."""
        waited = 0.0
        asked_at = None
        while waited < timeout:
            state = self._state(uuid)
            if state is None:
                raise GuestNotFound()
            if state in (libvirt.VIR_DOMAIN_SHUTOFF, libvirt.VIR_DOMAIN_CRASHED):
                return True
            if asked_at is None or waited - asked_at >= retry_interval:
                self._connection.run(_ask_to_shut_down, uuid)
                asked_at = waited
            task.sleep(_POLL)
            waited += _POLL
        return False

    def _try_to_start(self, guest, text):
        """None once the guest runs, else why it does not. Raises what leaves that open, and refusals that are final."""
        try:
            if self._connection.run(_define_and_start, guest.uuid, guest.name, text):
                return None
        except libvirt.libvirtError as error:
            code = error.get_error_code()
            if code in _UNACCEPTABLE:
                raise GuestUnacceptable(f'The hypervisor refuses the guest: {error}') from error
            if code in _UNCERTAIN or self._state(guest.uuid) in (libvirt.VIR_DOMAIN_RUNNING, libvirt.VIR_DOMAIN_PAUSED):
                raise
            return GuestUnacceptable(f'The hypervisor could not start the guest: {error}')
        raise NameTaken(f'The hypervisor has another guest with the name {guest.name}.')

    def _begin_console(self, uuid):
        """An empty console file, ours before libvirt makes one that only root may read."""
        path = self._files.console(uuid)
        path.unlink(missing_ok=True)
        path.with_name(path.name + '.0').unlink(missing_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o640))


# What follows runs in libvirt's hands: nothing but calls of libvirt, see `Connection.run`.

def _find(connection, uuid):
    return _lookup(connection.lookupByUUIDString, uuid)


def _lookup(function, key):
    try:
        return function(key)
    except libvirt.libvirtError as error:
        if error.get_error_code() == libvirt.VIR_ERR_NO_DOMAIN:
            return None
        raise


def _define_and_start(connection, uuid, name, text):
    """Whether the guest runs now; False means that the name is another guest's."""
    namesake = _lookup(connection.lookupByName, name)
    if namesake is not None and namesake.UUIDString() != uuid:
        return False
    domain = connection.defineXML(text)
    if not domain.isActive():
        domain.create()
    elif domain.state()[0] == libvirt.VIR_DOMAIN_PAUSED:
        domain.resume()
    return True


def _ask_to_shut_down(connection, uuid):
    domain = _find(connection, uuid)
    if domain is not None:
        _unless_off(domain, domain.shutdown)


def _cut_power(connection, uuid):
    """Whether there is such a guest; it is off afterwards."""
    domain = _find(connection, uuid)
    if domain is not None:
        _unless_off(domain, domain.destroy)
    return domain is not None


def _unless_off(domain, action):
    """Do `action`, which fails for a guest that is off, or has just switched itself off."""
    try:
        if domain.isActive():
            action()
    except libvirt.libvirtError as error:
        if error.get_error_code() not in (libvirt.VIR_ERR_OPERATION_INVALID, libvirt.VIR_ERR_NO_DOMAIN):
            raise


def _destroy(connection, uuid):
    domain = _find(connection, uuid)
    if domain is None:
        return
    _unless_off(domain, domain.destroy)
    try:
        domain.undefineFlags(_UNDEFINE)
    except libvirt.libvirtError as error:
        if error.get_error_code() != libvirt.VIR_ERR_NO_DOMAIN:
            raise


def _libvirt_state(connection, uuid):
    """libvirt's own state of the guest, None if it knows none."""
    domain = _find(connection, uuid)
    return None if domain is None else domain.state()[0]


def _info(connection, uuid):
    domain = _find(connection, uuid)
    return domain and GuestState(uuid, domain.name(), _POWER_STATES.get(domain.state()[0], states.NOSTATE))


def _list(connection):
    found = connection.getAllDomainStats(libvirt.VIR_DOMAIN_STATS_STATE, 0)
    return [GuestState(domain.UUIDString(), domain.name(), _POWER_STATES.get(stats.get('state.state'), states.NOSTATE))
            for domain, stats in found]
