# SPDX-License-Identifier: Apache-2.0
"""The `openstack` client against a real cloud: every compute command of the resources that are here, twice."""

import contextlib
import io
import json
import os
import shlex
import subprocess
import uuid

import fixtures
import testtools
from openstackclient import shell

from tests.integration import pretended

# Run in this order; {x} is what an earlier line found. A line `name = command` keeps the last word of the output,
# which is the value asked for; a line that begins with ! must fail.
SESSION = """
flavor create --ram 128 --disk 1 --vcpus 1 --property hw:cpu_policy=shared {p}-flavor
flavor list --long
flavor show {p}-flavor
flavor set --property hw:cpu_threads=1 {p}-flavor
flavor unset --property hw:cpu_threads {p}-flavor
flavor create --private --ram 64 --disk 0 --vcpus 1 {p}-private
flavor set --project demo {p}-private
flavor unset --project demo {p}-private
keypair create --public-key {key} {p}-key
keypair list
keypair show {p}-key
aggregate create --zone {p}-zone {p}-aggregate
aggregate add host {p}-aggregate {free}
aggregate set --property rack=1 {p}-aggregate
aggregate unset --property rack {p}-aggregate
aggregate list --long
aggregate show {p}-aggregate
server group create --policy soft-anti-affinity {p}-group
group = server group show {p}-group -f value -c id
server group list --long
server create --image guest --flavor {p}-flavor --key-name {p}-key --property a=b --hint group={group} --wait {p}-server
server list --long
server list --name {p}-server --status ACTIVE
server show {p}-server
server set --property c=d --name {p}-renamed {p}-server
server unset --property c {p}-renamed
console log show --lines 5 {p}-renamed
server event list {p}-renamed
request = server event list {p}-renamed -f value -c "Request ID"
server event show {p}-renamed {request}
server stop {p}-renamed
wait {p}-renamed SHUTOFF
server start {p}-renamed
wait {p}-renamed ACTIVE
server reboot --wait {p}-renamed
server reboot --hard --wait {p}-renamed
server lock {p}-renamed
server unlock {p}-renamed
server create --image guest --flavor {p}-flavor --availability-zone {p}-zone --wait {p}-zoned
zoned = server show {p}-zoned -f value -c OS-EXT-SRV-ATTR:host
! server create --image guest --flavor {p}-flavor --availability-zone nowhere {p}-never
server set --auto-approve --state error {p}-zoned
server set --auto-approve --state active {p}-zoned
server delete --wait {p}-zoned
server delete --force --wait {p}-renamed
! server show {p}-renamed
hypervisor list
hypervisor show compute-1
hypervisor stats show
host = hypervisor list -f value -c "Hypervisor Hostname"
compute service list
compute service set --disable --disable-reason maintenance {free} nova-compute
compute service set --enable {free} nova-compute
availability zone list --compute --long
limits show --absolute
quota show --compute
quota set --instances 20 demo
resource provider list
aggregate remove host {p}-aggregate {free}
aggregate delete {p}-aggregate
server group delete {p}-group
keypair delete {p}-key
flavor delete {p}-flavor
flavor delete {p}-private
"""
# At the newest version only: the client refuses these at its default.
NEWEST = """
server create --image guest --flavor m1.tiny --nic none --tag one --host compute-1 --hostname own --wait {p}-newest
server show {p}-newest
server set --tag two --description words {p}-newest
server unset --tag two {p}-newest
server list --tags one
server lock --reason because {p}-newest
server list --locked
server unlock {p}-newest
server list --changes-since 2020-01-01T00:00:00
server event list --long {p}-newest
server delete --wait {p}-newest
flavor create --ram 64 --disk 0 --vcpus 1 --description words {p}-described
flavor set --description others {p}-described
flavor delete {p}-described
compute service set --down {free} nova-compute
compute service set --up {free} nova-compute
"""


class CliTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.cloud = pretended.cloud()
        self.prefix = 'cli-' + uuid.uuid4().hex[:6]
        openrc = shlex.quote(str(self.cloud.layout.path / 'openrc'))
        shown = subprocess.run(['sh', '-c', f'. {openrc} && env'], capture_output=True, text=True, check=True).stdout
        self.credentials = dict(line.split('=', 1) for line in shown.splitlines()
                                if line.startswith('OS_'))
        self.credentials.pop('OS_COMPUTE_API_VERSION', None)
        used = {one['Host'] for one in self.cloud.openstack('server', 'list', '--all-projects', '--long', '-f', 'json')}
        # A host with servers may not change its zone.
        self.free = min({'compute-1', 'compute-2', 'compute-3'} - used)
        self.useFixture(fixtures.EnvironmentVariable('OS_CLIENT_CONFIG_FILE', os.devnull))

    def openstack(self, words, version):
        """(exit status, what was printed) of one command, in this process: a client's start takes seconds."""
        argv = [f'--os-{name[3:].lower().replace("_", "-")}={value}' for name, value in self.credentials.items()]
        if version:
            argv += ['--os-compute-api-version', version]
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
            try:
                code = shell.main([*argv, *words])
            except SystemExit as end:
                code = end.code
        return code, printed.getvalue()

    def play(self, session, prefix, version):
        key = self.cloud.folder / 'key.pub'
        if not key.exists():
            subprocess.run(['ssh-keygen', '-q', '-t', 'rsa', '-b', '2048', '-N', '', '-f', str(key.with_suffix(''))],
                           check=True)
        found = {'p': prefix, 'key': str(key), 'free': self.free}
        for line in session.strip().splitlines():
            keep, _, command = line.rpartition(' = ')
            command = command.format(**found)
            if command.startswith('wait '):
                self.wait(*command.split()[1:], version)
                continue
            must_fail = command.startswith('! ')
            code, printed = self.openstack(shlex.split(command.removeprefix('! ')), version)
            self.assertEqual(must_fail, bool(code), f'{command} ended with {code}: {printed}')
            self.assertNotIn('Traceback', printed)
            self.assertNotIn('HTTP 500', printed)
            if keep:
                found[keep] = printed.split()[-1]
        return found

    def wait(self, server, status, version):
        for _ in range(200):
            code, printed = self.openstack(['server', 'show', server, '-f', 'json'], version)
            self.assertEqual(0, code, printed)
            if json.loads(printed)['status'] == status:
                return
        self.fail(f'{server} does not become {status}')

    def test_at_the_clients_default(self):
        found = self.play(SESSION, self.prefix, None)
        self.assertEqual(self.free, found['zoned'])

    def test_at_the_newest_version(self):
        found = self.play(SESSION, self.prefix, '2.104')
        self.assertEqual(self.free, found['zoned'])
        self.play(NEWEST, self.prefix, '2.104')
