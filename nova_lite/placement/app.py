# SPDX-License-Identifier: Apache-2.0
"""Puts the service together. Read this first: `make_app` is the whole pipeline.

A request goes through: request id and log, CORS, token validation, identity and version (`middleware.py`), the table
`routes.py`, one function in `handlers/`, `objects/` for the rules and `db/` for the SQL. Nothing here is global.
What only some configurations need is imported there, for it takes long to load.
"""

import functools
import logging

import falcon
import os_resource_classes
import os_traits
from oslo_db import exception as db_exc

from nova_lite.placement import errors, middleware, policies, routes
from nova_lite.placement.db import names
from nova_lite.placement.db.engine import Database, import_driver
from nova_lite.placement.objects.allocations import ConsumerTypes
from nova_lite.placement.objects.snapshot import Snapshot

LOG = logging.getLogger(__name__)


class Service:
    """What the handlers work with; one per process."""

    def __init__(self, conf, database=None):
        self.conf = conf
        self.policy = policies.Policy(conf)
        self.database = database or Database(conf.placement_database)
        self.snapshot = Snapshot(self.database)
        self.consumer_types = ConsumerTypes(self.database)

    def start(self, stop=None):
        """Wait for the database, bring its schema up to date if `sync_on_startup` says so, and add the standard
        names.
        """
        self.database.wait(stop)
        if self.conf.placement_database.sync_on_startup:
            from nova_lite.placement.db import migration
            migration.upgrade(self.database)
        try:
            self.database.write(lambda tx: names.sync_standard(
                tx, os_traits.get_traits(), os_resource_classes.STANDARDS), again_on_duplicate=True)
        except db_exc.DBNonExistentTable as exc:
            raise errors.Unavailable('The database has no schema yet: run "placement-manage db sync".') from exc

    def close(self):
        self.database.close()


def import_what_is_needed(conf):
    """Import what `make_app` imports for this configuration only: a server that forks workers calls it before."""
    if conf.api.auth_strategy != 'noauth2':
        from nova_lite.placement import keystone  # noqa: F401
    import_driver(conf.placement_database)


def make_app(conf, service=None, stop=None):
    """A WSGI application for a parsed configuration (`conf.new`). Blocks until the database answers, or `stop` is set.

    The service's parts are at `application.service`; `application.service.close()` gives the connections back. Raises
    what the configuration, the policy file or the database raise.
    """
    if service is None:
        service = Service(conf)
        service.start(stop)
    noauth = conf.api.auth_strategy == 'noauth2'
    app = falcon.App(middleware=[middleware.Entry(
        middleware.trusted_identity if noauth else middleware.keystone_identity)])
    app.resp_options.default_media_type = None
    middleware.add_error_handlers(app)
    routes.add_routes(app, service)
    pipeline = app
    if not noauth:
        from nova_lite.placement.keystone import KeystoneAuth
        pipeline = KeystoneAuth(pipeline, conf)
    if conf.cors.allowed_origin:
        from oslo_middleware import cors
        pipeline = cors.CORS.factory({}, **conf.cors)(pipeline)
    pipeline = middleware.RequestLog(pipeline)
    if conf.oslo_middleware.enable_proxy_headers_parsing:
        from oslo_middleware import http_proxy_to_wsgi
        pipeline = http_proxy_to_wsgi.HTTPProxyToWSGI(pipeline, conf)
    return Application(pipeline, service)


class Application:
    """The pipeline as a WSGI application, with the service behind it."""

    def __init__(self, pipeline, service):
        self.service = service
        self._pipeline = pipeline

    def __call__(self, environ, start_response):
        return self._pipeline(environ, start_response)


def lazy_app(read_conf):
    """An application that is put together by its first request: safe under servers that load it before they fork."""
    @functools.cache
    def build():
        return make_app(read_conf())

    return lambda environ, start_response: build()(environ, start_response)
