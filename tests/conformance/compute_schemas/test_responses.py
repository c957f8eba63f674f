# SPDX-License-Identifier: Apache-2.0
"""Every answer that the functional tests of the compute API see, held against upstream's own response schemas.

Upstream's `nova` lives in a virtual environment of its own (`var/conformance-venv`, made on demand): nothing of it is
imported here.
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile

import testtools

from tests.functional.api import recorder
from tests.integration import parts

ROOT = pathlib.Path(__file__).resolve().parents[3]
VENV = ROOT / 'var' / 'conformance-venv'
JUDGE = pathlib.Path(__file__).parent / 'judge.py'
# Fewer accepted answers than this mean that nothing was looked at.
LEAST = 100


class Responses(testtools.TestCase):
    def test_upstream_accepts_them(self):
        python = _python_with_nova()
        with tempfile.TemporaryDirectory() as folder:
            recording = pathlib.Path(folder) / 'recording'
            # Whether its tests pass is that suite's own business.
            subprocess.run(
                [sys.executable, '-m', 'testtools.run', 'discover', '-s', 'tests/functional/api', '-t', '.'],
                cwd=ROOT, env=os.environ | {recorder.VARIABLE: str(recording)}, capture_output=True, text=True)
            verdict = subprocess.run([python, '-W', 'ignore', JUDGE, recording], capture_output=True, text=True)
        *refused, counts = verdict.stdout.splitlines() or [verdict.stderr]
        self.assertEqual([], refused, counts)
        self.assertEqual(0, verdict.returncode, verdict.stderr)
        self.assertGreater(json.loads(counts)['accepted'], LEAST, counts)


def _python_with_nova():
    python = VENV / 'bin' / 'python'
    if not python.exists():
        subprocess.run([sys.executable, '-m', 'venv', VENV], check=True)
    if subprocess.run([python, '-c', 'import nova.version'], capture_output=True).returncode != 0:
        pip = subprocess.run([python, '-m', 'pip', 'install', '--quiet', 'nova'], capture_output=True, text=True)
        if pip.returncode != 0:
            parts.missing("upstream's nova cannot be installed: " + pip.stderr.strip()[-300:])
    return python
