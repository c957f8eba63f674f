# SPDX-License-Identifier: Apache-2.0
"""Schedulers that decide at once, on an SQLite file."""

import os
import tempfile

import testtools

from tests.functional.scheduler.races import Races
from tests.unit.scheduler.cloud import Cloud


class SqliteRacesTest(Races, testtools.TestCase):
    def make_cloud(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        return Cloud('sqlite:///' + os.path.join(folder.name, 'nova.sqlite'))
