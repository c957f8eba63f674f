# SPDX-License-Identifier: Apache-2.0
"""The rules of jobs: fences, joining, ends that are kept, one job of a server at a time."""

import tempfile
import threading
from concurrent import futures

import testtools

from nova_lite import errors
from nova_lite.compute import jobs as host_jobs
from nova_lite.compute import lanes, records
from nova_lite.messages import jobs
from tests.unit.compute import parts

OFF = jobs.PowerOff(name='instance-00000001')
DESTROY = jobs.DestroyGuest(name='instance-00000001')


class Work:
    """What jobs do in these tests: wait for `gate`, then answer or raise."""

    def __init__(self):
        self.gate = threading.Event()
        self.gate.set()
        self.begun = threading.Semaphore(0)
        self.seen = []
        self.error = None
        self.running = 0
        self.most = 0
        self._lock = threading.Lock()

    def perform(self, request, task):
        with self._lock:
            self.seen.append(request.key.step)
            self.running += 1
            self.most = max(self.most, self.running)
        self.begun.release()
        try:
            while not self.gate.wait(0.01):
                task.sleep(0)
            if self.error:
                raise self.error
            return {'power_state': 1}
        finally:
            with self._lock:
                self.running -= 1


class JobsTest(testtools.TestCase):

    def setUp(self):
        super().setUp()
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.executor = futures.ThreadPoolExecutor(8)
        self.addCleanup(self.executor.shutdown)
        self.work = Work()
        self.addCleanup(self.work.gate.set)
        self.clock = parts.Clock()
        self.told = []
        self.jobs = self.make()

    def make(self, inline_wait=parts.DEADLINE):
        made = host_jobs.Jobs(
            records.Records(self.folder.name), self.work.perform, lanes.Lanes(self.executor, 2), self.clock,
            inline_wait=inline_wait)
        made.on_end = lambda uuid, end: self.told.append((uuid, end))
        return made

    def test_short_job_answers_its_end(self):
        status = self.jobs.run(parts.request(OFF))
        self.assertEqual(jobs.DONE, status.state)
        self.assertEqual({'power_state': 1}, status.result)
        self.assertEqual([], self.told)
        self.assertEqual([], self.jobs.untold())

    def test_same_key_gets_the_kept_end(self):
        self.jobs.run(parts.request(OFF))
        self.assertEqual(jobs.DONE, self.jobs.run(parts.request(OFF, fence=5)).state)
        self.assertEqual(['PowerOff'], self.work.seen)
        self.assertEqual('StaleFence', self.jobs.run(parts.request(OFF, fence=4)).reason)

    def test_kept_end_survives_a_restart(self):
        self.jobs.run(parts.request(OFF))
        self.assertEqual(jobs.DONE, self.make().run(parts.request(OFF)).state)
        self.assertEqual(['PowerOff'], self.work.seen)

    def test_lower_fence_is_refused_after_a_restart(self):
        self.jobs.run(parts.request(OFF, fence=3))
        status = self.make().run(parts.request(DESTROY, fence=2, order_id=2))
        self.assertEqual((jobs.REFUSED, 'StaleFence'), (status.state, status.reason))
        self.assertEqual(['PowerOff'], self.work.seen)

    def test_fence_is_on_disk_before_the_work(self):
        self.work.gate.clear()
        self.jobs = self.make(inline_wait=0)
        self.jobs.run(parts.request(OFF, fence=9))
        self.assertEqual(9, records.Records(self.folder.name).load(parts.SERVER).fence)

    def test_long_job_is_reported(self):
        self.work.gate.clear()
        self.jobs = self.make(inline_wait=0)
        self.assertEqual(jobs.RUNNING, self.jobs.run(parts.request(OFF)).state)
        self.work.gate.set()
        parts.wait_until(lambda: self.told)
        [(uuid, end)] = self.told
        self.assertEqual((parts.SERVER, jobs.DONE, False), (uuid, end.status.state, end.told))
        self.assertEqual(1, len(self.make().untold()))
        self.jobs.told(uuid, end.key)
        self.assertEqual([], self.make().untold())

    def test_same_key_joins(self):
        self.work.gate.clear()
        first = self.executor.submit(self.jobs.run, parts.request(OFF))
        self.assertTrue(self.work.begun.acquire(timeout=parts.DEADLINE))
        second = self.executor.submit(self.jobs.run, parts.request(OFF, fence=2))
        self.work.gate.set()
        self.assertEqual(jobs.DONE, first.result(parts.DEADLINE).state)
        self.assertEqual(jobs.DONE, second.result(parts.DEADLINE).state)
        self.assertEqual(['PowerOff'], self.work.seen)

    def test_another_key_calls_off_the_running_job(self):
        self.work.gate.clear()
        first = self.executor.submit(self.jobs.run, parts.request(OFF))
        self.assertTrue(self.work.begun.acquire(timeout=parts.DEADLINE))
        second = self.executor.submit(self.jobs.run, parts.request(DESTROY, fence=2, order_id=2))
        self.assertEqual((jobs.BROKEN, 'Cancelled'),
                         (first.result(parts.DEADLINE).state, first.result().reason))
        self.work.gate.set()
        self.assertEqual(jobs.DONE, second.result(parts.DEADLINE).state)
        self.assertEqual(1, self.work.most)

    def test_broken_runs_again(self):
        self.work.error = RuntimeError('libvirt went away')
        status = self.jobs.run(parts.request(OFF))
        self.assertEqual((jobs.BROKEN, 'RuntimeError'), (status.state, status.reason))
        self.work.error = None
        self.assertEqual(jobs.DONE, self.jobs.run(parts.request(OFF)).state)

    def test_refused_is_kept_until_it_is_told(self):
        self.work.error = errors.Invalid('no')
        self.work.gate.clear()
        self.jobs = self.make(inline_wait=0)
        self.jobs.run(parts.request(OFF))
        self.work.gate.set()
        parts.wait_until(lambda: self.told)
        self.work.error = None
        self.assertEqual((jobs.REFUSED, 'no', 'Invalid'), _told(self.make().run(parts.request(OFF))))
        self.assertEqual(['PowerOff'], self.work.seen)

    def test_refused_is_measured_again_after_it_was_told(self):
        self.work.error = errors.Invalid('no')
        self.assertEqual((jobs.REFUSED, 'no', 'Invalid'), _told(self.jobs.run(parts.request(OFF))))
        self.work.error = None
        self.assertEqual(jobs.DONE, self.jobs.run(parts.request(OFF)).state)
        self.assertEqual(jobs.DONE, self.make().run(parts.request(OFF)).state)
        self.assertEqual(['PowerOff', 'PowerOff'], self.work.seen)

    def test_forward_after_undoing_is_refused(self):
        self.jobs.run(parts.request(DESTROY, step='start_guest', undoing=True))
        late = parts.request(jobs.StartGuest(guest=parts.guest()), step='start_guest')
        self.assertEqual('StaleFence', self.make().run(late).reason)
        again = parts.request(jobs.StartGuest(guest=parts.guest()), step='start_guest', attempt=2)
        self.assertEqual(jobs.DONE, self.jobs.run(again).state)

    def test_reconcilers_wait_for_nobody_and_may_ask_again(self):
        wish = parts.request(OFF, order_id=0, step='power-sync-1')
        for _ in range(2):
            self.assertEqual(jobs.DONE, self.jobs.run(wish).state)
        self.assertEqual(2, len(self.work.seen))
        self.work.gate.clear()
        first = self.executor.submit(self.jobs.run, parts.request(OFF))
        self.assertTrue(self.work.begun.acquire(timeout=parts.DEADLINE))
        self.assertTrue(self.work.begun.acquire(timeout=parts.DEADLINE))
        self.assertTrue(self.work.begun.acquire(timeout=parts.DEADLINE))
        self.assertEqual((jobs.REFUSED, 'Busy'), (self.jobs.run(wish).state, self.jobs.run(wish).reason))
        self.work.gate.set()
        self.assertEqual(jobs.DONE, first.result(parts.DEADLINE).state)

    def test_secrets_stay_in_memory(self):
        self.work.error = RuntimeError('401 for token s3cr3t')
        status = self.jobs.run(parts.request(OFF, secrets={'token': 's3cr3t'}))
        self.assertNotIn('s3cr3t', status.message)
        self.work.error = errors.Invalid('s3cr3t')
        self.jobs.run(parts.request(DESTROY, secrets={'token': 's3cr3t'}))
        self.assertNotIn(b's3cr3t', records.Records(self.folder.name)._path(parts.SERVER).read_bytes())

    def test_ends_of_older_orders_go_and_old_records_too(self):
        for order_id in range(1, 6):
            self.jobs.run(parts.request(OFF, fence=order_id, order_id=order_id))
        self.assertEqual(1, len(records.Records(self.folder.name).load(parts.SERVER).ends))
        self.jobs.prune()
        self.assertEqual([parts.SERVER], records.Records(self.folder.name).servers())
        self.clock.time += 8 * 86400
        self.jobs.prune()
        self.assertEqual([], records.Records(self.folder.name).servers())

    def test_idle_servers_do_not_stay_in_memory(self):
        self.jobs.run(parts.request(OFF, fence=5))
        self.jobs.prune()
        self.assertEqual({}, self.jobs._servers)
        self.assertEqual('StaleFence', self.jobs.run(parts.request(OFF, fence=4)).reason)
        self.assertEqual(jobs.DONE, self.jobs.run(parts.request(OFF, fence=5)).state)
        self.assertEqual(1, len(self.work.seen))

    def test_nothing_is_done_before_the_fence_is_kept(self):
        broken = threading.Event()

        class Full(records.Records):
            def save(self, server_uuid, record):
                if broken.is_set():
                    raise OSError(28, 'No space left on device')
                super().save(server_uuid, record)

        made = host_jobs.Jobs(Full(self.folder.name), self.work.perform, lanes.Lanes(self.executor, 2), self.clock)
        broken.set()
        for _ in range(2):
            self.assertRaises(OSError, made.run, parts.request(OFF))
        self.assertEqual([], self.work.seen)
        broken.clear()
        self.assertEqual(jobs.DONE, made.run(parts.request(OFF)).state)

    def test_unreadable_record(self):
        self.jobs.run(parts.request(OFF))
        records.Records(self.folder.name)._path(parts.SERVER).write_text('{"fence":')
        made = self.make()
        self.assertEqual([], made.untold())
        self.assertEqual(jobs.DONE, made.run(parts.request(OFF)).state)

    def test_builds_wait_for_one_another_and_nothing_else_does(self):
        self.work.gate.clear()
        self.jobs = self.make(inline_wait=0)
        for number in range(4):
            uuid = f'7c6ef9a6-3d3c-4b2c-9d55-00000000000{number}'
            self.jobs.run(parts.request(jobs.StartGuest(guest=parts.guest(uuid)), uuid=uuid))
        self.jobs.run(parts.request(OFF))
        for _ in range(3):
            self.assertTrue(self.work.begun.acquire(timeout=parts.DEADLINE))
        self.assertEqual(3, self.work.running)
        self.work.gate.set()
        self.assertTrue(self.jobs.wait(parts.DEADLINE))
        self.assertEqual(3, self.work.most)


def _told(status):
    return status.state, status.message, status.reason
