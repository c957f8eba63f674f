# SPDX-License-Identifier: Apache-2.0
"""The request context: on the wire, in log lines, and never a token."""

import threading

import testtools
from oslo_context import context as oslo_context

from nova_lite import context


class ContextTest(testtools.TestCase):

    def make(self, **more):
        return context.RequestContext(
            auth_token='gAAAAAone', service_token='gAAAAAother', user_id='u', project_id='p', roles=['member'], **more)

    def test_round_trip(self):
        one = self.make(system_scope='all', global_request_id='req-g', is_admin=True)
        two = context.RequestContext.from_wire(one.to_wire())
        for name in ('user_id', 'project_id', 'roles', 'system_scope', 'request_id', 'global_request_id', 'is_admin'):
            self.assertEqual(getattr(one, name), getattr(two, name), name)

    def test_no_dictionary_holds_a_token(self):
        one = self.make()
        for values in (one.to_wire(), one.to_dict(), one.get_logging_values()):
            self.assertNotIn('gAAAAA', repr(values))
        self.assertNotIn('gAAAAA', repr(one))
        self.assertIsNone(context.RequestContext.from_wire(one.to_wire()).auth_token)

    def test_what_a_library_leaves_in_the_thread_is_not_ours(self):
        found = []

        def work():
            oslo_context.RequestContext(overwrite=True)
            found.append(context.current())

        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
        self.assertEqual([None], found)

    def test_fields_of_another_release_are_ignored(self):
        two = context.RequestContext.from_wire({'user_id': 'u', 'from_the_future': 1})
        self.assertEqual('u', two.user_id)
        self.assertFalse(two.is_admin)

    def test_a_context_marks_a_thread_only_while_it_is_bound(self):
        one = self.make()
        self.assertIsNone(context.current())
        with context.bound(one):
            self.assertIs(one, context.current())
            with context.bound(context.admin_context()):
                self.assertIsNot(one, context.current())
            self.assertIs(one, context.current())
            elsewhere = []
            thread = threading.Thread(target=lambda: elsewhere.append(context.current()))
            thread.start()
            thread.join(10)
            self.assertEqual([None], elsewhere)
        self.assertIsNone(context.current())

    def test_the_admin_context_may_do_all(self):
        admin = context.admin_context('req-1')
        self.assertTrue(admin.is_admin)
        self.assertEqual('req-1', admin.request_id)
