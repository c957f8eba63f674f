# SPDX-License-Identifier: Apache-2.0
"""placement-api killed with SIGKILL in the middle of claims: afterwards all sums and generations hold."""

import contextlib
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import threading
import time
import uuid

import requests
import testtools

from nova_lite.service import wsgi
from tests.functional.placement.base import claim_body, uid

PROGRAM = pathlib.Path(sys.executable).parent / 'placement-api'
HEADERS = {'x-auth-token': 'admin', 'openstack-api-version': 'placement 1.39'}
PROVIDERS, TOTAL = 3, 100000


class ServerTest(testtools.TestCase):
    """placement-api with two workers, as a process, on a database of its own."""

    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        sock = wsgi.listen('127.0.0.1', 0)
        self.port = sock.getsockname()[1]
        sock.close()
        (self.folder / 'placement.conf').write_text(
            '[api]\nauth_strategy = noauth2\n[oslo_policy]\nenforce_new_defaults = false\n'
            f'[placement_database]\nconnection = {self.database_url()}\nsync_on_startup = true\n'
            f'[placement_api]\nlisten_port = {self.port}\nworkers = 2\n')
        self.process = None
        self.addCleanup(self.kill)

    def database_url(self):
        return f'sqlite:///{self.folder}/placement.db'

    def ask(self, method, path, body=None):
        return requests.request(method, f'http://127.0.0.1:{self.port}{path}', json=body, headers=HEADERS, timeout=20)

    def start(self):
        with open(self.folder / 'log', 'ab') as log:
            self.process = subprocess.Popen(
                [PROGRAM, '--config-file', self.folder / 'placement.conf'], stdout=log, stderr=log,
                stdin=subprocess.DEVNULL, start_new_session=True)
        deadline = time.monotonic() + 60
        while True:
            try:
                self.ask('GET', '/')
                return
            except requests.ConnectionError:
                if time.monotonic() > deadline:
                    raise
                self.process.poll()
                self.assertIsNone(self.process.returncode, (self.folder / 'log').read_text())
                time.sleep(0.05)

    def kill(self):
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None

    def fill(self):
        for number in range(PROVIDERS):
            self.ask('POST', '/resource_providers', {'name': f'p{number}', 'uuid': uid(number)})
            answer = self.ask('PUT', f'/resource_providers/{uid(number)}/inventories', {
                'resource_provider_generation': 0, 'inventories': {'VCPU': {'total': TOTAL}}})
            self.assertEqual(200, answer.status_code, answer.text)

    @contextlib.contextmanager
    def claims(self, granted):
        """Six writers claim; the semaphore is released for each claim that is granted."""
        stop, one_more = threading.Event(), threading.Semaphore(0)
        writers = [threading.Thread(target=self.claim, args=(stop, one_more, granted)) for _ in range(6)]
        for writer in writers:
            writer.start()
        try:
            yield one_more
        finally:
            stop.set()
            for writer in writers:
                writer.join()

    def await_grants(self, one_more):
        for _ in range(40):
            self.assertTrue(one_more.acquire(timeout=60))

    def claim(self, stop, one_more, granted):
        while not stop.is_set():
            consumer = str(uuid.uuid4())
            try:
                answer = self.ask('PUT', f'/allocations/{consumer}', claim_body(
                    {uid(number): {'VCPU': 1} for number in range(PROVIDERS)}))
            except requests.RequestException:
                continue
            if answer.status_code == 204:
                granted.append(consumer)
                one_more.release()

    def check(self, granted):
        """All that was acknowledged is there, whole; what was not is there whole or not at all."""
        held = []
        for number in range(PROVIDERS):
            path = f'/resource_providers/{uid(number)}'
            shown = json.loads(self.ask('GET', f'{path}/allocations').text)
            usage = self.ask('GET', f'{path}/usages').json()
            self.assertEqual(len(shown['allocations']), usage['usages']['VCPU'])
            # One for the inventories, one for each claim.
            self.assertEqual(1 + len(shown['allocations']), usage['resource_provider_generation'])
            self.assertLessEqual(granted, set(shown['allocations']))
            self.assertEqual({1}, {a['consumer_generation'] for a in shown['allocations'].values()})
            held.append(set(shown['allocations']))
        self.assertEqual(1, len({frozenset(consumers) for consumers in held}))


class KilledTest(ServerTest):

    def test_killed_among_claims(self):
        self.start()
        self.fill()
        granted = []
        for _ in range(3):
            with self.claims(granted) as one_more:
                self.await_grants(one_more)
                self.kill()
            self.start()
            self.check(set(granted))
