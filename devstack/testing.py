# SPDX-License-Identifier: Apache-2.0
"""``make test``: installs what the tests need as far as this machine allows, and hands over to ``tests/runner.py``."""

import os
from collections.abc import Mapping

from devstack import deployment, packages
from devstack.layout import Layout
from devstack.progress import heading, step
from devstack.settings import Settings

PROFILES = {'libvirt', 'test'}


def layout(settings: Settings) -> Layout:
    """Where tests keep what outlives them: logs of installations, the guest image, the last summary."""
    return Layout(settings.repository / 'var' / 'tests')


def run(settings: Settings, environ: Mapping[str, str] = os.environ) -> None:
    """Prepare, then become the runner; SUITES in ``environ`` names some of the suites, else all run."""
    place = layout(settings).create()
    heading('Tests of nova_lite')
    wanted = packages.names(settings.repository / 'bindep.txt', PROFILES)
    missing = packages.missing(wanted) if packages.can_install() else []
    if missing:
        with step(f'install {len(missing)} packages with apt, starting none of their services'):
            packages.install(place, missing)
    with step('install nova_lite and its test tools into .venv') as done:
        done.note = 'done' if deployment.install_project(place, settings) else 'was there'
    with step('install Keystone and Glance into .venv-services') as done:
        done.note = 'done' if deployment.install_services(place, settings) else 'was there'
    python = settings.venv / 'bin' / 'python'
    os.chdir(settings.repository)
    os.execv(python, [str(python), '-m', 'tests.runner', *environ.get('SUITES', '').split()])
