# SPDX-License-Identifier: Apache-2.0
"""Our placement over HTTP on loopback, with the face that a Cloud of the scheduler's tests wants."""

import pathlib

from nova_lite import conf as conf_module
from nova_lite.clients.placement import Inventory, Placement
from nova_lite.placement import app, conf
from nova_lite.service import wsgi

_SERVICE = """
[api]
auth_strategy = noauth2
[placement_database]
connection = {url}
sync_on_startup = true
"""
_CLIENT = """
[placement]
auth_type = admin_token
endpoint = http://127.0.0.1:{port}
token = admin
endpoint_override = http://127.0.0.1:{port}
"""


class RealPlacement:
    """Serves until `close`. `add` makes a root provider; `allocations` and `providers` are the client's."""

    def __init__(self, folder, url=None):
        folder = pathlib.Path(folder)
        own = folder / 'placement.conf'
        own.write_text(_SERVICE.format(url=url or f'sqlite:///{folder / "placement.sqlite"}'))
        self._application = app.make_app(conf.new(default_config_files=[str(own)]))
        self._server = wsgi.Server(self._application, wsgi.listen('127.0.0.1', 0))
        self._server.start()
        path = folder / 'nova.conf'
        path.write_text(_CLIENT.format(port=self._server.port))
        client = Placement.from_conf(conf_module.new(config_files=[str(path)], config_dirs=[]))
        self.providers, self.allocations = client.providers, client.allocations

    def close(self):
        self._server.stop(5)
        self._application.service.close()

    def add(self, uuid, traits=(), aggregates=(), **capacity):
        made = self.providers.ensure(uuid, f'node-{uuid}')
        inventories = {name: Inventory(total=total) for name, total in capacity.items() if total}
        generation = self.providers.set_inventories(uuid, inventories, made.generation).resource_provider_generation
        if traits:
            generation = self.providers.set_traits(uuid, traits, generation).resource_provider_generation
        if aggregates:
            self.providers.set_aggregates(uuid, aggregates, generation)
