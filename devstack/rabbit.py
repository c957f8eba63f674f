# SPDX-License-Identifier: Apache-2.0
"""A private RabbitMQ node: own name, own epmd, own folders; broker, epmd and distribution port on loopback only."""

from dataclasses import dataclass
from pathlib import Path

from devstack import ports, process
from devstack.errors import DevstackError
from devstack.layout import Layout

# The wrappers in /usr/sbin would change to the packaged broker's user; these do not.
SCRIPTS = Path('/usr/lib/rabbitmq/bin')
USER = 'nova'


@dataclass
class RabbitMQ:
    """One broker. ``port`` speaks AMQP; ``dist_port`` and ``epmd_port`` are Erlang's own."""

    layout: Layout
    port: int
    dist_port: int
    epmd_port: int
    name: str = 'rabbitmq'

    @property
    def url(self) -> str:
        """The ``transport_url`` of oslo.messaging; it holds the password."""
        return f'rabbit://{USER}:{self.layout.secret("rabbitmq")}@{ports.LOOPBACK}:{self.port}/'

    def start(self, timeout: float = 180.0) -> None:
        """Start epmd and the broker, and wait until it takes connections."""
        if not (SCRIPTS / 'rabbitmq-server').exists():
            raise DevstackError('RabbitMQ is not installed (package rabbitmq-server)')
        self._configure()
        process.start(self.layout, self._epmd, ['epmd', '-port', str(self.epmd_port), '-address', ports.LOOPBACK])
        process.wait_for(lambda: ports.answers(self.epmd_port), 'epmd', 20, self.layout, self._epmd)
        process.start(self.layout, self.name, [SCRIPTS / 'rabbitmq-server'], self._environment())
        process.wait_for(lambda: ports.answers(self.port), 'RabbitMQ', timeout, self.layout, self.name)

    def stop(self) -> None:
        """End the broker, then its epmd."""
        process.stop(self.layout, self.name, 60)
        process.stop(self.layout, self._epmd)

    def control(self, *words: str) -> str:
        """What ``rabbitmqctl WORDS`` prints for this node."""
        return process.command(self.layout, f'{self.name}ctl', [SCRIPTS / 'rabbitmqctl', '-q', *words],
                               self._environment(), timeout=60)

    @property
    def _epmd(self) -> str:
        return f'{self.name}-epmd'

    @property
    def _home(self) -> Path:
        return self.layout.data(self.name)

    def _configure(self) -> None:
        self.layout.write(self._home / 'rabbitmq.conf', '\n'.join([
            f'listeners.tcp.1 = {ports.LOOPBACK}:{self.port}',
            f'default_user = {USER}',
            f'default_pass = {self.layout.secret("rabbitmq")}',
            # A development machine is nearly full more often than not; the broker must not block its publishers.
            'disk_free_limit.absolute = 50MB',
            'vm_memory_high_watermark.absolute = 1GB',
            'log.console = true',
            'log.file = false',
            '',
        ]), mode=0o600)
        self.layout.write(self._home / 'enabled_plugins', '[].\n')

    def _environment(self) -> dict[str, str]:
        home = self._home
        quiet = '+S 2:2 +sbwt none +sbwtdcpu none +sbwtdio none'  # idle schedulers sleep instead of spinning
        loopback = '-kernel inet_dist_use_interface {127,0,0,1}'
        return {
            'HOME': str(home), 'PATH': '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
            # A node's name must be its own on the machine: the port makes it so.
            'RABBITMQ_NODENAME': f'nova_lite_{self.port}@localhost',
            'RABBITMQ_CONFIG_FILE': str(home / 'rabbitmq.conf'), 'RABBITMQ_CONF_ENV_FILE': str(home / 'none'),
            'RABBITMQ_MNESIA_BASE': str(home / 'mnesia'), 'RABBITMQ_LOG_BASE': str(home / 'log'),
            'RABBITMQ_ENABLED_PLUGINS_FILE': str(home / 'enabled_plugins'),
            'RABBITMQ_DIST_PORT': str(self.dist_port),
            'ERL_EPMD_PORT': str(self.epmd_port), 'ERL_EPMD_ADDRESS': ports.LOOPBACK,
            # With this the script becomes the Erlang machine instead of watching it: the pid file names the broker.
            'RABBITMQ_ALLOW_INPUT': '1',
            'RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS': f'-noinput {quiet} {loopback}',
        }
