# SPDX-License-Identifier: Apache-2.0
"""What may be asked of this host over RPC. Each method is a few lines: the work is in `jobs` and in the driver."""

from nova_lite.messages import hosts, jobs


class Endpoint:
    """RPC methods of topic `compute`, each for this host only."""

    def __init__(self, jobs_of_host, consoles, reports):
        self._jobs = jobs_of_host
        self._consoles = consoles
        self._reports = reports

    def run_job(self, context, request: jobs.Request) -> jobs.Status:
        """Start or join a job; its end if that comes at once, else RUNNING, and the end is reported later."""
        return self._jobs.run(request, context)

    def console_log(self, context, request: hosts.ConsoleRequest) -> hosts.ConsoleLog:
        """The end of a guest's console. Raises NotFound, Unsupported."""
        return hosts.ConsoleLog(self._consoles.log(request.server_uuid, request.length))

    def guests(self, context, request: hosts.Nothing) -> hosts.GuestsReport:
        """Every guest of this host, as it is now."""
        return self._reports.all_guests()
