# SPDX-License-Identifier: Apache-2.0
"""Runs a WSGI application of the services' own virtual environment under uWSGI, on loopback."""

from collections.abc import Mapping
from pathlib import Path

from devstack import ports, process
from devstack.layout import Layout


def start(layout: Layout, name: str, venv: Path, module: str, port: int, env: Mapping[str, str], processes: int = 2,
          threads: int = 4) -> None:
    """Serve ``module:application`` on ``port`` as process NAME, and wait for its first answer."""
    process.start(layout, name, [
        venv / 'bin' / 'uwsgi', '--http-socket', f'{ports.LOOPBACK}:{port}', '--module', f'{module}:application',
        '--virtualenv', venv, '--master', '--die-on-term', '--lazy-apps', '--need-app', '--enable-threads',
        '--processes', str(processes), '--threads', str(threads), '--thunder-lock', '--buffer-size', '65535',
        '--http-chunked-input', '--so-keepalive', '--add-header', 'Connection: close', '--listen', '128',
        '--worker-reload-mercy', '2',
        '--hook-master-start', 'unix_signal:15 gracefully_kill_them_all'], env)
    process.wait_for(lambda: ports.http_answers(f'http://{ports.LOOPBACK}:{port}/'), name, 180, layout, name)
