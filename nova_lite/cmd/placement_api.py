# SPDX-License-Identifier: Apache-2.0
"""placement-api: the Placement service, with its own workers."""

import gc
import os
import sys


def main(arguments=None):
    """Run until told to stop; the exit code."""
    arguments = sys.argv[1:] if arguments is None else arguments
    # Nothing that is imported is ever garbage: looking for some there would take time, and frozen pages stay shared.
    gc.disable()
    from nova_lite.placement import app
    from nova_lite.placement import conf as conf_module
    from nova_lite.service import prefork, runtime

    conf = conf_module.read(arguments, prog='placement-api')
    app.import_what_is_needed(conf)
    gc.freeze()
    gc.enable()
    options = conf.placement_api
    face = prefork.Face(str(options.listen), options.listen_port, lambda rt: app.make_app(conf, stop=rt.stopping))
    return prefork.run(conf, 'placement-api', [face], options.workers or os.cpu_count(),
                       lambda: runtime.real(conf, None, workers=2), threads=options.threads)
