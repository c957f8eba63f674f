# SPDX-License-Identifier: Apache-2.0
"""Virtual environments: made once, brought up to date when what they should hold has changed."""

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

from devstack import process
from devstack.errors import DevstackError
from devstack.layout import Layout

STAMP = '.holds'


def ensure(layout: Layout, venv: Path, wanted: list[str], sources: list[Path], cwd: Path) -> bool:
    """Make ``venv`` hold ``wanted`` (arguments of ``pip install``, run in ``cwd``); False when it already did.

    ``sources`` are the files that say what is wanted: when one changes, pip runs again.
    """
    stamp = venv / STAMP
    state = _digest(wanted, sources)
    if stamp.exists() and stamp.read_text() == state:
        return False
    if not (venv / 'bin' / 'python').exists():
        _create(layout, venv)
    process.command(layout, 'pip', [venv / 'bin' / 'python', '-m', 'pip', 'install', '--disable-pip-version-check',
                                    '--no-input', *wanted], cwd=cwd, timeout=3600)
    stamp.write_text(state)
    return True


def _create(layout: Layout, venv: Path) -> None:
    ready = subprocess.run([sys.executable, '-c', 'import ensurepip, venv'], capture_output=True, check=False)
    if ready.returncode == 0:
        process.command(layout, 'pip', [sys.executable, '-m', 'venv', venv])
    elif shutil.which('virtualenv'):
        process.command(layout, 'pip', ['virtualenv', '-p', sys.executable, venv])
    else:
        raise DevstackError(f'{sys.executable} cannot make virtual environments: install python3-venv or virtualenv')


def _digest(wanted: list[str], sources: list[Path]) -> str:
    whole = hashlib.sha256(repr((sys.version_info[:2], wanted)).encode())
    for path in sources:
        whole.update(path.read_bytes())
    return whole.hexdigest() + '\n'
