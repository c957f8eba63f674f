# SPDX-License-Identifier: Apache-2.0
"""Daemons of two releases talk to one another during an upgrade: payloads only grow, by fields that may be left out."""

import json

import testtools

from tests.contracts import payloads


class PayloadsTest(testtools.TestCase):
    def test_payloads_only_grow(self):
        before, now = json.loads(payloads.FILE.read_text()), payloads.shapes()
        gone = [name for name in before if name not in now]
        changed = [f'{name}.{field}' for name in before.keys() & now.keys() for field in before[name]
                   if now[name].get(field) != before[name][field]]
        needed = [f'{name}.{field}' for name in before.keys() & now.keys() for field, kind in now[name].items()
                  if field not in before[name] and not kind.endswith(payloads.OPTIONAL)]
        self.assertEqual(([], [], []), (gone, sorted(changed), sorted(needed)),
                         'gone, changed, new without a default: the last release would not understand it')

    def test_what_is_written_down_is_what_is_there(self):
        self.assertEqual(json.loads(payloads.FILE.read_text()), payloads.shapes(),
                         'Run `python -m tests.contracts.payloads` and commit what it writes.')
