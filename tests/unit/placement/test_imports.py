# SPDX-License-Identifier: Apache-2.0
"""What placement-api imports before it can answer: start-up is little else."""

import json
import subprocess
import sys

import testtools

SLOW = ('alembic', 'eventlet', 'jsonschema', 'keystoneauth1', 'keystonemiddleware', 'oslo_messaging', 'requests',
        'sqlalchemy.orm', 'nova_lite.rpc', 'nova_lite.db')
LATER = ('oslo_utils.strutils', 'rfc3986')
PROGRAM = '''
import json, sys
from nova_lite.placement import app, conf
from nova_lite.service import prefork, runtime
config = conf.new(api__auth_strategy='noauth2', placement_database__connection='sqlite:///x')
app.import_what_is_needed(config)
print(json.dumps({name: type(module).__name__ for name, module in sys.modules.items()}))
'''


class ImportsTest(testtools.TestCase):

    def test_nothing_slow_that_is_not_used(self):
        done = subprocess.run([sys.executable, '-c', PROGRAM], stdout=subprocess.PIPE, check=True, timeout=60)
        loaded = json.loads(done.stdout)
        self.assertEqual([], [name for name in SLOW if name in loaded])
        self.assertEqual([], [name for name in LATER if loaded.get(name, '_Later') != '_Later'])

    def test_a_policy_may_still_ask_another_service(self):
        from oslo_policy import policy

        from nova_lite.placement.policies import base  # noqa: F401
        rule = policy.RuleDefault('x', 'http://127.0.0.1:1/%(name)s')
        self.assertEqual('HttpCheck', type(rule.check).__name__)
