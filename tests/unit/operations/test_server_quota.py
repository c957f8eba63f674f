# SPDX-License-Identifier: Apache-2.0
"""What a quota that is used up says."""

import testtools

from nova_lite.db.quotas import QuotaExceeded
from nova_lite.operations import server_quota

ONE = {'instances': 1, 'cores': 2, 'ram': 512}


class ServerQuotaTest(testtools.TestCase):
    def fitting(self, used, least, most, **limits):
        return server_quota._fitting(used, ONE, least, most, {'instances': 10, 'cores': 20, 'ram': -1} | limits)

    def test_fewer_when_that_is_enough(self):
        self.assertEqual(5, self.fitting({}, 1, 5))
        self.assertEqual(3, self.fitting({'cores': 14}, 1, 5))
        self.assertEqual(5, self.fitting({'cores': 14, 'instances': 99}, 1, 5, cores=-1, instances=-1))

    def test_message(self):
        error = self.assertRaises(QuotaExceeded, self.fitting, {'cores': 18, 'instances': 9}, 2, 4)
        self.assertEqual('Quota exceeded for cores, instances: Requested 8, 2-4, but already used 18, 9 of 20, 10 '
                         'cores, instances', str(error))

    def test_usage_above_the_limit(self):
        self.assertRaises(QuotaExceeded, self.fitting, {'cores': 30}, 1, 1)
