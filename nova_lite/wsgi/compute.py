# SPDX-License-Identifier: Apache-2.0
"""The compute API under a WSGI server of somebody else's: `nova_lite.wsgi.compute:application`."""

from oslo_log import log

from nova_lite import conf as options
from nova_lite.api import app, deps
from nova_lite.rpc.oslo import OsloBus
from nova_lite.service import runtime


def make():
    """The application, composed as the options say. Connects to nothing before its first request."""
    files, folders = options.files_from_environment()
    conf = options.new(prog='nova-api', config_files=files, config_dirs=folders)
    log.setup(conf, 'nova')
    return app.make_app(conf, deps.build(runtime.real(conf, OsloBus(conf))))


application = make()
