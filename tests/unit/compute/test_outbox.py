# SPDX-License-Identifier: Apache-2.0
"""Ends are told until they have arrived, once, and with patience."""

import random

import testtools

from nova_lite import errors
from nova_lite.compute import outbox, records
from nova_lite.messages import jobs
from tests.fakes.time import VirtualClock, VirtualExecutor
from tests.unit.compute import parts


class Conductor:
    """Takes reports, or raises what is in `trouble` first."""

    def __init__(self):
        self.reports = []
        self.trouble = []

    def report(self, report):
        if self.trouble:
            raise self.trouble.pop(0)
        self.reports.append(report)


class OutboxTest(testtools.TestCase):

    def setUp(self):
        super().setUp()
        self.clock = VirtualClock()
        self.executor = VirtualExecutor(self.clock)
        self.conductor = Conductor()
        self.told = []
        self.outbox = outbox.Outbox('host-1', self.conductor, self.executor, random.Random(1),
                                    lambda uuid, key: self.told.append((uuid, key)))

    def end(self, step='power_off', state=jobs.DONE):
        return records.End(jobs.Key(order_id=1, attempt=1, step=step), 7, jobs.Status(state), 0.0)

    def settle(self):
        self.executor.run_until(lambda: False)

    def test_told_once(self):
        self.outbox.add(parts.SERVER, self.end())
        self.settle()
        [report] = self.conductor.reports
        self.assertEqual(('host-1', parts.SERVER, 7, jobs.DONE),
                         (report.host, report.server_uuid, report.fence, report.status.state))
        self.assertEqual([(parts.SERVER, report.key)], self.told)

    def test_patience_grows(self):
        self.conductor.trouble = [errors.Unavailable() for _ in range(10)]
        start = self.clock.time()
        self.outbox.add(parts.SERVER, self.end())
        self.outbox.add(parts.SERVER, self.end('other'))
        self.settle()
        self.assertEqual(2, len(self.told))
        waited = self.clock.time() - start
        self.assertTrue(outbox.LONGEST_PAUSE < waited < 10 * outbox.LONGEST_PAUSE, waited)

    def test_conductor_that_does_not_want_it(self):
        self.conductor.trouble = [errors.NotFound()]
        self.outbox.add(parts.SERVER, self.end())
        self.settle()
        self.assertEqual(([], 1), (self.conductor.reports, len(self.told)))

    def test_dropped_when_the_job_begins_again(self):
        self.conductor.trouble = [errors.Unavailable()]
        end = self.end(state=jobs.BROKEN)
        self.outbox.add(parts.SERVER, end)
        self.executor.run_until(lambda: not self.conductor.trouble)
        self.outbox.drop(parts.SERVER, end.key)
        self.settle()
        self.assertEqual([], self.conductor.reports)
