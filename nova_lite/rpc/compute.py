# SPDX-License-Identifier: Apache-2.0
"""What may be asked of a nova-compute. Each request goes to one host."""

from nova_lite.messages import hosts, jobs
from nova_lite.rpc.client import Client

# Seconds: a host answers at once whether it works on something, so a longer silence says that it is away.
_SHORT = 15


class Compute(Client):
    topic = 'compute'

    def run_job(self, host, request):
        """Start or join a job (`jobs.Request`); its `jobs.Status`."""
        return self._call('run_job', request, server=host, timeout=_SHORT, reply=jobs.Status)

    def guests(self, host):
        """Which guests the host has now (`hosts.GuestsReport`, whole)."""
        return self._call('guests', hosts.Nothing(), server=host, timeout=_SHORT, reply=hosts.GuestsReport)

    def console_log(self, host, request):
        """The end of a guest's console (`hosts.ConsoleRequest`), a `hosts.ConsoleLog`."""
        return self._call('console_log', request, server=host, reply=hosts.ConsoleLog)
