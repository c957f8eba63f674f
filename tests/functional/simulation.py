# SPDX-License-Identifier: Apache-2.0
"""A cloud in which everything goes wrong, played from a seed: real journal, engine, endpoint, reconcilers and jobs.

One thread and one clock. Messages are lost, late, or come twice; conductors and agents die at any write and at any
call; conductors stall there longer than their leases last; databases do not answer; hosts refuse. When all that ends,
everything must settle, and `check` says so.
"""

import functools
import random
import uuid

from nova_lite import errors, states
from nova_lite.compute.jobs import Jobs
from nova_lite.compute.records import Record
from nova_lite.conductor import adoption
from nova_lite.conductor.endpoint import Endpoint
from nova_lite.conductor.engine import Engine
from nova_lite.conductor.reconcilers import allocations, locations, quota_usages
from nova_lite.conductor.world import World
from nova_lite.db import hosts, orders, servers
from nova_lite.db import locations as location_rows
from nova_lite.messages import jobs
from nova_lite.messages.hosts import GuestsReport, GuestState, Heartbeat, HostFacts
from nova_lite.operations import begin, secrets
from tests.fakes import world as sim
from tests.fakes.time import Crash
from tests.functional.lab import Lab
from tests.functional.workflow_checks import CASES

FAULTS_FOR = 300.0
MOST_SERVERS = 8
_LATEST = 30.0


class ConductorDies(Crash):
    """The conductor process is gone at this point."""


class AgentDies(Crash):
    """The agent of a host is gone at this point."""


class Mortal:
    """An executor whose work ends with its process."""

    def __init__(self, executor, process):
        self._executor = executor
        self._process = process

    def submit(self, function, *arguments):
        self.call_later(0, function, *arguments)

    def call_later(self, delay, function, *arguments):
        return self._executor.call_later(delay, self._run, function, arguments)

    def every(self, interval, function, first=0.0):
        def again():
            try:
                function()
            except errors.Unavailable:
                pass  # the next time comes
            finally:
                self.call_later(interval, again)
        self.call_later(first, again)

    def _run(self, function, arguments):
        if not self._process.alive:
            return
        if self._process.stalled:
            self.call_later(1.0, function, *arguments)
            return
        try:
            function(*arguments)
        except Crash:
            self._process.die()


class Weather:
    """How likely what is at each occasion; nothing strikes when the faults are over. Some seeds have worse weather."""

    def __init__(self, dice):
        self._dice = dice
        self._strength = dice.choice([0.3, 1, 1, 2, 4])
        self.bad = True
        self.bus_away = False

    def strikes(self, chance):
        return self.bad and self._dice.random() < chance * self._strength


class Net:
    """Carries calls and casts, badly."""

    def __init__(self, weather, dice, executor):
        self._weather = weather
        self._dice = dice
        self._executor = executor

    def call(self, function, *arguments):
        if self._weather.bus_away or self._weather.strikes(0.04):
            raise errors.Unavailable('the request was lost')
        if self._weather.strikes(0.04):
            self._later(function, arguments)
            raise errors.Unavailable('the request is late')
        answer = function(*arguments)
        if self._weather.strikes(0.04):
            raise errors.Unavailable('the answer was lost')
        if self._weather.strikes(0.04):
            self._later(function, arguments)
        return answer

    def cast(self, function, *arguments):
        if self._weather.bus_away or self._weather.strikes(0.1):
            return
        for _ in range(2 if self._weather.strikes(0.1) else 1):
            self._later(function, arguments, latest=_LATEST if self._weather.strikes(0.2) else 0.1)

    def _later(self, function, arguments, latest=_LATEST):
        def deliver():
            try:
                function(*arguments)
            except errors.Error:
                pass  # nobody waits for the answer
        self._executor.call_later(self._dice.uniform(0, latest), deliver)


class FaultyDatabase:
    """A conductor's way to the database, on which it may die, or hear nothing."""

    def __init__(self, database, conductor, weather):
        self._database = database
        self._conductor = conductor
        self._weather = weather

    def read(self):
        return self._database.read()

    def transact(self, function, *arguments, **options):
        self._trouble()
        result = self._database.transact(function, *arguments, **options)
        self._trouble()
        return result

    def _trouble(self):
        self._conductor.stumble(0.004)
        if self._weather.strikes(0.008):
            raise errors.Unavailable('The database did not answer.')


class Face:
    """What a conductor sees of a peer: every method goes over the net; the conductor may die or stall on both sides."""

    def __init__(self, target, net, conductor, *names):
        for name in names:
            setattr(self, name, self._method(target, name, net, conductor))

    @staticmethod
    def _method(target, name, net, conductor):
        def method(*arguments, **named):
            conductor.stumble(0.01)
            answer = net(functools.partial(getattr(target, name), **named), *arguments)
            conductor.stumble(0.01)
            return answer
        return method


class Conductor:
    """One conductor process."""

    def __init__(self, cloud, name):
        self.alive = True
        self.stalled = False
        self._cloud = cloud
        lab, weather, net = cloud.lab, cloud.weather, cloud.net
        database = FaultyDatabase(lab.database, self, weather)
        executor = Mortal(lab.executor, self)
        held = Face(lab.placement, cloud.lossy, self, 'delete', 'of_provider', 'show', 'put')
        computes = Face(cloud, net.call, self, 'run_job', 'guests')
        computes.heard = lambda host: None
        placement = _Holder(allocations=held)
        self.world = World(
            conf=lab.conf, cells=_Cells(database), clock=lab.clock, executor=executor, random=cloud.dice,
            scheduler=Face(cloud.scheduler, net.call, self, 'select'), computes=computes, placement=placement,
            vault=secrets.Vault([]))
        self.lease = adoption.Lease(lab.database, name, lab.conf.orders.lease_seconds)
        self.lease.begin()
        self.engine = Engine(self.world, lab.workflows, lambda: self.lease.owner)
        self.endpoint = Endpoint(self.world, self.engine)
        executor.every(lab.conf.orders.renew_interval, self.lease.renew, first=5)
        executor.every(lab.conf.orders.adoption_interval, lambda: adoption.adopt(database, '', self.engine))
        for mend, seconds in ((locations.mend, 60), (quota_usages.mend, 90), (allocations.mend, 120)):
            executor.every(seconds, lambda mend=mend: mend(self.world), first=cloud.dice.uniform(0, seconds))

    def ask(self, method, *arguments):
        """Somebody else's call: if the conductor dies on it, there is no answer."""
        if not self.alive or self.stalled:
            raise errors.Unavailable('no conductor there')
        try:
            return getattr(self.endpoint, method)(None, *arguments)
        except ConductorDies:
            self.die()
            raise errors.Unavailable('the conductor died') from None

    def stumble(self, chance):
        """Perhaps die here, perhaps go on only after others have taken over."""
        if self._cloud.weather.strikes(chance):
            raise ConductorDies()
        if self._cloud.weather.strikes(chance) and not self.stalled and self._cloud.may_stall():
            self.stalled = True
            self._cloud.go_on_without(self)
            self.stalled = False
            if not self.alive:
                raise ConductorDies()

    def die(self):
        if self.alive:
            self.alive = False
            self._cloud.lab.executor.call_later(
                self._cloud.dice.uniform(1, 40), self._cloud.start_conductor)


class Agent:
    """A host: its guests and its records outlive the agent. The jobs are the real ones."""

    def __init__(self, cloud, name):
        self.name = name
        self.guests = {}
        self.records = Store()
        self.alive = False
        self._cloud = cloud
        self._boots = 0
        self._sequence = 0
        self.start()

    def start(self):
        """The agent comes up, and tells what it had not told."""
        if self.alive:
            return
        self.alive = True
        self._boots += 1
        executor = Mortal(self._cloud.lab.executor, _Boot(self, self._boots))
        self._executor = executor
        self.jobs = Jobs(self.records, self._perform, self, self._cloud.lab.clock, inline_wait=0)
        self.jobs.on_end = self._tell
        started = [True]

        def beat():
            self._cloud.tell('heartbeat', Heartbeat(
                self.name, 'nova-compute', 'compute', f'boot{self._boots}', started=bool(started)))
            started.clear()

        executor.every(10, beat)
        executor.every(45, lambda: self._cloud.tell('guests_report', self.report()),
                       first=self._cloud.dice.uniform(1, 45))
        for server, end in self.jobs.untold():
            executor.submit(self._tell, server, end)

    def die(self):
        if self.alive:
            self.alive = False
            self._cloud.lab.executor.call_later(self._cloud.dice.choice([2, 30, 150, 400]), self.start)

    def run_job(self, request):
        """The RPC: dies with the agent."""
        if not self.alive:
            raise errors.Unavailable(f'{self.name} does not answer')
        try:
            return self.jobs.run(request)
        except AgentDies:
            self.die()
            raise errors.Unavailable(f'{self.name} died') from None

    def report(self):
        """All guests, now."""
        if not self.alive:
            raise errors.Unavailable(f'{self.name} does not answer')
        self._sequence += 1
        return GuestsReport(self.name, f'boot{self._boots}', self._sequence, [
            GuestState(server, server, power) for server, power in self.guests.items()], whole=True)

    def submit(self, work, function, *arguments):
        """As `compute.lanes`: some work is done before the answer, some takes a while."""
        if self._cloud.dice.random() < 0.5:
            function(*arguments)
        else:
            self._executor.call_later(self._cloud.dice.uniform(0.1, 20), function, *arguments)

    def _perform(self, request, job):
        weather = self._cloud.weather
        if weather.strikes(0.02):
            raise AgentDies()
        if weather.strikes(0.05):
            raise RuntimeError('the hypervisor went away')
        if weather.strikes(0.05):
            raise errors.Conflict('told to refuse')
        result = self._work(request.server_uuid, request.work)
        if weather.strikes(0.02):
            raise AgentDies()
        if weather.strikes(0.02):
            raise RuntimeError('the hypervisor went away after the work')
        return result

    def _work(self, server, work):
        match work:
            case jobs.DestroyGuest():
                self.guests.pop(server, None)
                return {}
            case jobs.PowerOff():
                if server not in self.guests:
                    raise errors.NotFound('no such guest')
                self.guests[server] = states.SHUTDOWN
            case _:
                self.guests[server] = states.RUNNING
        return {'power_state': self.guests[server]}

    def _tell(self, server, end):
        try:
            self._cloud.tell('report', jobs.Report(self.name, end.key, server, end.fence, end.status))
        except errors.Unavailable:
            self._executor.call_later(self._cloud.dice.uniform(1, 5), self._tell, server, end)
            return
        self.jobs.told(server, end.key)


class Store:
    """`compute.records.Records` on a disk that outlives agents."""

    def __init__(self):
        self._records = {}

    def load(self, server):
        return _copy(self._records[server]) if server in self._records else Record()

    def save(self, server, record):
        self._records[server] = _copy(record)

    def delete(self, server):
        self._records.pop(server, None)

    def servers(self):
        return list(self._records)


class Cloud:
    """Everything of one seed. `play()` runs it, `check()` judges its end; `log` says what was done to it."""

    def __init__(self, seed, conductors=2, agents=3, url=None):
        self.dice = random.Random(seed)
        self.lab = Lab(hosts=0, url=url)
        self.lab.conductor.die()
        patience = self.dice.choice([30, 100, 300])
        for name, value in (('step_deadline', patience), ('undo_deadline', 5 * patience), ('job_silence', 20)):
            self.lab.conf.set_override(name, value, group='orders')
        self.weather = Weather(self.dice)
        self.net = Net(self.weather, self.dice, self.lab.executor)
        self.scheduler = sim.SimScheduler(self.lab.placement, self.lab.computes)
        self.conductors = []
        self.servers = []
        self.log = []
        self._stalls = 0
        self._failure = None
        for _ in range(conductors):
            self.start_conductor()
        for number in range(1, agents + 1):
            name = f'host{number}'
            self.lab.database.transact(hosts.upsert_facts, HostFacts(
                name, name, f'uuid-of-{name}', 'fake', 1, '127.0.0.1', 1, 1, 1), self.lab.clock.now())
            self.agents[name] = Agent(self, name)

    @property
    def agents(self):
        return self.lab.computes.hosts

    def start_conductor(self):
        self.conductors = [one for one in self.conductors if one.alive]
        self.conductors.append(Conductor(self, f'conductor{self.dice.randrange(10**9)}'))

    def close(self):
        self.lab.close()

    def lossy(self, function, *arguments):
        """A call over HTTP: it may not arrive, and so may its answer; but it is not kept anywhere on its way."""
        if self.weather.strikes(0.04):
            raise errors.Unavailable('no connection')
        answer = function(*arguments)
        if self.weather.strikes(0.04):
            raise errors.Unavailable('the connection broke')
        return answer

    def run_job(self, host, request):
        return self.agents[host].run_job(request)

    def guests(self, host):
        return self.agents[host].report()

    def tell(self, method, message):
        """A host's call to whichever conductor the bus picks."""
        self.net.call(self._tell, method, message)

    def _tell(self, method, message):
        alive = [one for one in self.conductors if one.alive]
        if not alive:
            raise errors.Unavailable('no conductor there')
        return self.dice.choice(alive).ask(method, message)  # one that stalls is still on the bus

    def may_stall(self):
        """One conductor stalls at a time: who waits for it waits inside of it."""
        return self._stalls == 0

    def go_on_without(self, conductor):
        """A conductor stalls: everybody else goes on for a while."""
        self._stalls += 1
        self._note('a conductor stalls')
        try:
            self._pass(self.dice.uniform(5, 90))
        except Exception as error:  # noqa: BLE001  the engine that stalls must not take it for its step's
            self._failure = self._failure or error
        finally:
            self._stalls -= 1
        self._note('it goes on')

    def play(self, faults_for=FAULTS_FOR):
        """Let users, faults and time do their work; then good weather until everything has settled."""
        end = self.lab.clock.time() + faults_for
        self.lab.executor.call_later(0, self._use, end)
        self.lab.executor.call_later(0, self._abuse, end)
        self._pass(faults_for)
        self.weather.bad = self.weather.bus_away = False
        for agent in self.agents.values():
            agent.start()
        self._note('good weather')
        self._pass(_LATEST + 100)
        self.lab.settle(5000)
        # Two rounds of every report and reconciler, and whatever they find to do.
        self._pass(300)
        self.lab.settle(1000)

    def check(self):
        """AssertionError if anything is left over, or a server is in a state that its orders do not explain."""
        if self._failure is not None:
            raise self._failure
        self.lab.check_nothing_extra()
        for server in self.servers:
            self._check_server(server)
        with self.lab.database.read() as tx:
            unconfirmed = location_rows.unconfirmed(tx, self.lab.clock.now())
        assert not [row for row in unconfirmed if row.server_uuid not in self.servers], unconfirmed

    def _check_server(self, uuid):
        row = self.lab.server(uuid)
        possible = set()
        for order in self.lab.orders(uuid):
            assert order.owner is None and order.open_key is None and order.finished_at, order
            _, done, failed = CASES[order.operation]
            if order.state == orders.DONE:
                possible = {done}
            elif order.state == orders.FAILED:
                possible = {failed} if failed == states.ERROR else possible
                if order.operation == 'stop':
                    possible = possible | {states.STOPPED}  # its host had done it, and the guest was found off later
        found = uuid, row.vm_state, row.task_state
        assert row.vm_state in possible and row.task_state is None, f'{found}, and possible is {possible}'
        guest = next((agent.guests[uuid] for agent in self.agents.values() if uuid in agent.guests), None)
        wanted = {states.ACTIVE: states.RUNNING, states.STOPPED: states.SHUTDOWN, states.DELETED: None}
        if row.vm_state in wanted:
            assert guest == wanted[row.vm_state], (uuid, row.vm_state, guest)

    def rows(self):
        """uuid -> row of every server, in the order in which they were asked for."""
        with self.lab.database.read() as tx:
            found = servers.get_many(tx, self.servers)
        return {server: found[server] for server in self.servers}

    def _pass(self, seconds):
        end = self.lab.clock.time() + seconds
        self.lab.executor.run_until(lambda: self.lab.clock.time() >= end, seconds)
        self.lab.clock.seconds = max(end, self.lab.clock.seconds)

    def _use(self, end):
        """A user asks for something, and again, until the faults end."""
        alive = [server for server, row in self.rows().items() if not row.deleted]
        if len(alive) < 2 or (len(alive) < MOST_SERVERS and self.dice.random() < 0.4):
            self._create()
        else:
            self._ask(self.dice.choice(alive), self.dice.choice(
                ['stop', 'start', 'stop', 'start', 'reboot', 'reboot_hard', 'delete', 'delete']))
        if self.lab.clock.time() < end - 10:
            self.lab.executor.call_later(self.dice.uniform(0.5, 12), self._use, end)

    def _create(self):
        server = str(uuid.UUID(int=self.dice.getrandbits(128), version=4))
        if self.weather.strikes(0.05):
            self._note('nova-api dies between its transactions', server)
            self.lab.create(server_uuid=server, only_location=True)
            return
        self.servers.append(server)
        self.lab.create(server_uuid=server, cast=False)
        self._note('create', server)
        self._run_order(self.lab.orders(server)[-1].id)

    def _ask(self, server, operation):
        try:
            order = self.lab.begin(operation, server, cast=False)
        except (begin.InvalidState, begin.ServerNotReady):
            return
        self._note(operation, server)
        self._run_order(order)

    def _run_order(self, order):
        def wake():
            alive = [one for one in self.conductors if one.alive]
            if alive:
                self.dice.choice(alive).engine.wake('', order)
        self.net.cast(wake)

    def _abuse(self, end):
        """Somebody is killed, or the bus goes away for a while."""
        what = self.dice.random()
        if what < 0.4:
            victim = self.dice.choice(self.conductors)
            victim.die()
            self._note('a conductor dies')
        elif what < 0.8:
            victim = self.dice.choice(list(self.agents.values()))
            victim.die()
            self._note(f'{victim.name} dies')
        else:
            self.weather.bus_away = True
            self.lab.executor.call_later(self.dice.uniform(5, 60), self._bus_returns)
            self._note('the bus goes away')
        if self.lab.clock.time() < end - 10:
            self.lab.executor.call_later(self.dice.uniform(5, 60), self._abuse, end)

    def _bus_returns(self):
        self.weather.bus_away = False
        self._note('the bus is back')

    def _note(self, *words):
        self.log.append((round(self.lab.clock.time() % 1_000_000, 2), *words))


class _Boot:
    """One start of an agent, as a process."""

    stalled = False

    def __init__(self, agent, number):
        self._agent = agent
        self._number = number

    @property
    def alive(self):
        return self._agent.alive and self._agent._boots == self._number

    def die(self):
        self._agent.die()


class _Cells:
    def __init__(self, database):
        self.api = database

    def get(self, name=''):
        return self.api

    def items(self):
        return [('', self.api)]


class _Holder:
    def __init__(self, **values):
        self.__dict__.update(values)


def _copy(record):
    return Record(record.fence, list(record.undone), list(record.ends), record.saved_at)
