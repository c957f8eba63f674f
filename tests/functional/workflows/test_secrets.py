# SPDX-License-Identifier: Apache-2.0
"""The canary: a token, a password and user data are found nowhere but where they have to be."""

import io
import logging

import sqlalchemy as sa
from cryptography import fernet

from nova_lite import states
from nova_lite.db.models import api, cell
from nova_lite.messages import jobs
from nova_lite.operations import secrets
from nova_lite.service import logs
from tests.functional.workflows.case import LabCase

TOKEN, PASSWORD, USER_DATA = 'canary-token-7f3a', 'canary-password-7f3a', 'Y2FuYXJ5LXVzZXItZGF0YQ=='


class Secrets(LabCase):
    def setUp(self):
        super().setUp()
        self.vault = secrets.Vault([fernet.Fernet.generate_key()])
        self.lab.replace_world(vault=self.vault)
        self.log = io.StringIO()
        handler = logging.StreamHandler(self.log)
        handler.setFormatter(logging.Formatter('%(name)s %(message)s %(exc_info)s'))
        root = logging.getLogger()
        level = root.level
        root.addHandler(handler)
        root.setLevel(logging.DEBUG)
        self.addCleanup(root.setLevel, level)
        self.addCleanup(root.removeHandler, handler)

    def create(self):
        sealed = self.vault.seal({'token': TOKEN, 'admin_password': PASSWORD, 'nothing': None})
        return self.lab.create(secrets=sealed, user_data=USER_DATA)

    def find(self, secret, ignore=()):
        """Where a secret is: (table, column) pairs, and 'log'."""
        found = ['log'] if secret in self.log.getvalue() else []
        for metadata in (api.metadata, cell.metadata):
            for table in metadata.sorted_tables:
                with self.lab.database.read() as tx:
                    rows = tx.execute(sa.select(table)).mappings().all()
                found += [(table.name, name) for row in rows for name, value in row.items() if secret in str(value)]
        return [place for place in found if place not in ignore]

    def check(self):
        self.assertEqual([], self.find(TOKEN))
        self.assertEqual([], self.find(PASSWORD))
        self.assertEqual([], self.find(USER_DATA, ignore=[('servers', 'user_data')]))

    def test_a_build(self):
        for host in self.lab.computes.hosts.values():
            host.latency = 5.0
        server = self.create()
        self.pass_time(2)
        self.assertIsNotNone(self.order(server).secrets)
        self.check()
        [request] = [request for host in self.lab.computes.hosts.values() for request in host.running.values()]
        self.assertEqual({'token': TOKEN, 'admin_password': PASSWORD}, request.secrets)
        self.assertEqual(USER_DATA, request.work.guest.user_data)
        self.lab.settle()
        self.assertIsNone(self.order(server).secrets)
        self.check()

    def test_a_build_that_fails(self):
        for host in self.lab.computes.hosts.values():
            host.refuse = jobs.StartGuest
        server = self.create()
        self.lab.settle()
        self.assert_states(server, states.ERROR)
        self.assertIsNone(self.order(server).secrets)
        self.check()

    def test_no_host_is_given_them_for_work_that_needs_none(self):
        run_job, given = self.lab.computes.run_job, {}

        def seen(host, request):
            given.setdefault(type(request.work), set()).update(request.secrets)
            return run_job(host, request)

        self.lab.computes.run_job = seen
        for host in self.lab.computes.hosts.values():
            host.refuse = jobs.StartGuest
        self.create()
        self.lab.settle()
        self.assertEqual({jobs.StartGuest: {'token', 'admin_password'}, jobs.DestroyGuest: set()}, given)

    def test_a_build_that_is_superseded(self):
        for host in self.lab.computes.hosts.values():
            host.latency = 5.0
        server = self.create()
        self.pass_time(2)
        self.lab.begin('delete', server)
        self.assertIsNone(self.lab.orders(server)[0].secrets)
        self.lab.settle()
        self.check()

    def test_a_step_that_breaks_while_it_holds_them(self):
        failures = [RuntimeError('broken')]
        run_job = self.lab.computes.run_job

        def breaking(host, request):
            if failures:
                raise failures.pop()
            return run_job(host, request)

        self.lab.computes.run_job = breaking
        server = self.create()
        self.lab.settle()
        self.assert_states(server, states.ACTIVE)
        self.check()


class Vaults(LabCase):
    def test_without_a_key_nothing_is_kept(self):
        self.assertIsNone(secrets.Vault([]).seal({'token': TOKEN}))
        self.assertIsNone(secrets.Vault([fernet.Fernet.generate_key()]).seal({'token': None}))

    def test_keys_are_rotated(self):
        old, new = fernet.Fernet.generate_key(), fernet.Fernet.generate_key()
        sealed = secrets.Vault([old]).seal({'token': TOKEN})
        self.assertNotIn(TOKEN, sealed)
        self.assertEqual({'token': TOKEN}, secrets.Vault([new, old]).open(sealed))
        self.assertEqual({}, secrets.Vault([new]).open(sealed))
        self.assertEqual({}, secrets.Vault([]).open(sealed))

    def test_logs_hide_what_looks_like_one(self):
        for text in ('X-Auth-Token: abcdef', '"adminPass": "abcdef"', 'mysql://nova:abcdef@host/nova'):
            self.assertNotIn('abcdef', logs.mask(text))
