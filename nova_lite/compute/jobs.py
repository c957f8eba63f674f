# SPDX-License-Identifier: Apache-2.0
"""Jobs: run once, joined when asked again, never two of one server side by side, their ends kept until told.

The rules, in the order in which a request meets them:
1. A fence lower than the highest seen for the server is refused (StaleFence). A higher one is on the disk before
   anything is done.
2. Under one fence, an (order, attempt) that was seen undoing is not taken forward again: such a request was delayed.
3. The same key joins the running job, or is answered with the end that is kept. BROKEN ends are not kept, so that the
   next request measures again. So it does after a refusal that the conductor knows: it asks whether that still holds.
4. Another key calls off the running job and starts when that one has ended.
5. A request without an order (order 0: a reconciler's) waits for nobody and calls nobody off: Busy. Its end is not
   kept, because the same key may be meant again another day.
"""

import contextlib
import threading

from oslo_log import log
from oslo_utils import strutils

from nova_lite import context as contexts
from nova_lite import errors
from nova_lite.compute import records
from nova_lite.messages import jobs
from nova_lite.virt import interfaces

LOG = log.getLogger(__name__)

_DEFINITE = (errors.Invalid, errors.Forbidden, errors.NotFound, errors.Conflict, errors.Unsupported)


class Job(interfaces.Task):
    """One job of one server, from the first request to its end. `owed`: somebody was told that it is running."""

    def __init__(self, request, context):
        self.request = request
        self.context = context
        self.fence = request.fence
        self.owed = False
        self.status = None
        self._percent = 0
        self._cancelled = threading.Event()
        self._ended = threading.Event()

    @property
    def key(self):
        """What the job is for."""
        return self.request.key

    def sleep(self, seconds):
        """See Task."""
        if self._cancelled.wait(seconds):
            raise interfaces.Cancelled(f'{self.key.step} was superseded')

    def progress(self, percent):
        """See Task."""
        self._percent = percent
        self.sleep(0)

    def cancel(self):
        """Call the job off: it ends at its next wait, or as it would have."""
        self._cancelled.set()

    def wait(self, seconds):
        """Wait for the end, `seconds` at most (None: for ever)."""
        self._ended.wait(seconds)

    def running(self):
        """The status as long as there is no end."""
        return jobs.Status(jobs.RUNNING, progress=self._percent)

    def end(self, status):
        """Set the end and wake whoever waits for it."""
        self.status = status
        self._ended.set()


class _Server:
    """The jobs of one server: at most one runs and one waits for its end. `lock` guards all of it.

    `forgotten`: it is not the one in the table any more.
    """

    def __init__(self, record):
        self.lock = threading.RLock()
        self.forgotten = False
        self.record = record
        self.current = None
        self.following = None

    def find(self, key):
        return next((job for job in (self.current, self.following) if job and job.key == key), None)


class Jobs:
    """All jobs of this host.

    `perform(request, job)` does the work and returns the result; `lanes` brings it to a thread. `inline_wait` and
    `retention` in seconds. Set `on_end(server_uuid, End)`: it is called for each end that somebody waits to be told;
    `on_start(server_uuid, key)` for each job that begins.
    """

    def __init__(self, store, perform, lanes, clock, inline_wait=1.0, retention=7 * 86400):
        self._store = store
        self._perform = perform
        self._lanes = lanes
        self._clock = clock
        self._inline_wait = inline_wait
        self._retention = retention
        self._lock = threading.Lock()
        self._servers = {}
        self.on_end = lambda server_uuid, end: None
        self.on_start = lambda server_uuid, key: None

    def run(self, request, context=None):
        """Start or join the job; its end if that comes within the inline wait, else RUNNING."""
        with self._held(request.server_uuid) as server:
            answer = self._admit(server, request, context)
        if isinstance(answer, jobs.Status):
            return answer
        answer.wait(self._inline_wait)
        with server.lock:
            if answer.status is None:
                answer.owed = True
                return answer.running()
            return answer.status

    def busy(self, server_uuid):
        """Whether a job of this server runs or waits."""
        server = self._servers.get(server_uuid)
        return bool(server and server.current)

    def told(self, server_uuid, key):
        """The conductor has the end of this job."""
        with self._held(server_uuid) as server:
            end = server.record.end(key)
            if end and not end.told:
                end.told = True
                try:
                    self._save(server_uuid, server)
                except OSError:
                    LOG.exception('it could not be kept that the end of %s of %s is told', key.step, server_uuid)

    def untold(self):
        """(server uuid, End) of every end that is kept and that the conductor may not have: after a restart."""
        found = []
        for server_uuid in self._store.servers():
            with self._held(server_uuid) as server:
                found.extend((server_uuid, end) for end in server.record.ends if not end.told)
        return found

    def prune(self):
        """Let go of idle servers, and delete the records that nobody asked about for as long as they are retained."""
        limit = self._clock.now().timestamp() - self._retention
        for server_uuid in {*self._store.servers(), *list(self._servers)}:
            with self._held(server_uuid) as server:
                idle = server.current is None and all(end.told for end in server.record.ends)
                if idle and server.record.saved_at < limit:
                    self._store.delete(server_uuid)
                if idle:
                    self._forget(server_uuid, server)

    def wait(self, seconds):
        """Wait until no job runs, `seconds` at most for all of them (None: for ever). Returns whether that is so."""
        deadline = None if seconds is None else self._clock.monotonic() + seconds
        for server in list(self._servers.values()):
            job = server.current
            if job:
                job.wait(None if deadline is None else max(0, deadline - self._clock.monotonic()))
        return not any(server.current for server in list(self._servers.values()))

    @contextlib.contextmanager
    def _held(self, server_uuid):
        """The server, locked; its record is read if it is not in the table."""
        while True:
            with self._lock:
                if server_uuid not in self._servers:
                    self._servers[server_uuid] = _Server(self._store.load(server_uuid))
                server = self._servers[server_uuid]
            with server.lock:
                if not server.forgotten:
                    yield server
                    return

    def _forget(self, server_uuid, server):
        """Take a server that is held and idle out of the table: what comes next reads its record again."""
        with self._lock:
            server.forgotten = True
            del self._servers[server_uuid]

    def _admit(self, server, request, context):
        """The job to wait for, or the status to answer at once."""
        refusal = _refusal(server.record, request)
        if refusal:
            return refusal
        if _note(server.record, request):
            try:
                self._save(request.server_uuid, server)
            except OSError:
                # What is not on the disk must not count as noted: the next request tries again.
                server.record = self._store.load(request.server_uuid)
                raise
        job = server.find(request.key)
        if job:
            job.fence = request.fence
            return job
        end = server.record.end(request.key)
        if end and not (end.told and end.status.state == jobs.REFUSED):
            return end.status
        if server.current and not request.key.order_id:
            return jobs.Status(jobs.REFUSED, reason='Busy', message='Other work on this server is under way.')
        job = Job(request, context)
        if server.current is None:
            self._start(server, job)
        else:
            server.current.cancel()
            if server.following:
                server.following.end(_superseded(server.following))
            server.following = job
        return job

    def _start(self, server, job):
        server.current = job
        self.on_start(job.request.server_uuid, job.key)
        try:
            self._lanes.submit(job.request.work, self._run, server, job)
        except RuntimeError as error:
            # The executor is shut down: the agent is about to end, and its next start will be asked again.
            server.current = None
            raise errors.Unavailable('This host is stopping.') from error

    def _start_following(self, server, job):
        try:
            self._start(server, job)
        except errors.Unavailable as error:
            job.end(_status(jobs.BROKEN, error, job))

    def _run(self, server, job):
        with contexts.bound(job.context) if job.context else contexts.bound(contexts.admin_context()):
            status = self._outcome(job)
            with server.lock:
                end = self._keep(server, job, status)
                job.end(end.status)
                server.current, following, server.following = None, server.following, None
                if following:
                    self._start_following(server, following)
            if job.owed and job.key.order_id:
                self.on_end(job.request.server_uuid, end)

    def _outcome(self, job):
        try:
            job.sleep(0)
            return jobs.Status(jobs.DONE, result=self._perform(job.request, job), progress=100)
        except _DEFINITE as error:
            LOG.info('%s of %s is refused: %s', job.key.step, job.request.server_uuid, error)
            return _status(jobs.REFUSED, error, job)
        except interfaces.Cancelled as error:
            LOG.info('%s of %s was called off', job.key.step, job.request.server_uuid)
            return _status(jobs.BROKEN, error, job)
        except Exception as error:  # noqa: BLE001  whatever a driver raises, the conductor must learn of the end
            LOG.exception('%s of %s broke', job.key.step, job.request.server_uuid)
            return _status(jobs.BROKEN, error, job)

    def _keep(self, server, job, status):
        """Write the end down, unless it is BROKEN; an end that could not be written is BROKEN too."""
        end = records.End(job.key, job.fence, status, self._clock.now().timestamp(), told=not job.owed)
        if status.state == jobs.BROKEN or not job.key.order_id:
            return end
        server.record.ends = [other for other in server.record.ends if other.key != job.key] + [end]
        try:
            self._save(job.request.server_uuid, server)
        except OSError as error:
            LOG.exception('the end of %s of %s could not be kept', job.key.step, job.request.server_uuid)
            server.record.ends.remove(end)
            end.status = _status(jobs.BROKEN, error, job)
        return end

    def _save(self, server_uuid, server):
        record = server.record
        record.saved_at = self._clock.now().timestamp()
        newest = max((end.key.order_id for end in record.ends), default=None)
        record.ends = [end for end in record.ends if not end.told or end.key.order_id == newest]
        self._store.save(server_uuid, record)


def _refusal(record, request):
    if request.fence < record.fence:
        return jobs.Status(
            jobs.REFUSED, reason='StaleFence', message=f'Fence {request.fence} is lower than {record.fence}.')
    if not request.key.undoing and (request.key.order_id, request.key.attempt) in record.undone:
        return jobs.Status(jobs.REFUSED, reason='StaleFence', message='This attempt is being undone already.')
    return None


def _note(record, request):
    """Take the request's fence and direction into the record; whether that changed it."""
    before = record.fence, len(record.undone)
    if request.fence > record.fence:
        record.fence, record.undone = request.fence, []
    attempt = request.key.order_id, request.key.attempt
    if request.key.undoing and request.key.order_id and attempt not in record.undone:
        record.undone = [*record.undone, attempt]
    return before != (record.fence, len(record.undone))


def _status(state, error, job):
    """The status that tells of an error, without the secrets of the request."""
    message = strutils.mask_password(str(error))[:1000]
    for secret in job.request.secrets.values():
        message = message.replace(secret, '***') if secret else message
    return jobs.Status(state, message=message, reason=type(error).__name__)


def _superseded(job):
    return _status(jobs.BROKEN, interfaces.Cancelled(f'{job.key.step} was superseded'), job)
