# SPDX-License-Identifier: Apache-2.0
"""Schedulers that decide at once, on SQLite files; with placement in memory, and with ours over HTTP."""

import os
import tempfile

import testtools

from tests.functional.scheduler.races import Races
from tests.functional.scheduler.real_placement import RealPlacement
from tests.unit.scheduler.cloud import Cloud


class SqliteRacesTest(Races, testtools.TestCase):
    def make_cloud(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        return Cloud('sqlite:///' + os.path.join(folder.name, 'nova.sqlite'), self.make_placement(folder.name))

    def make_placement(self, folder):
        return None


class PlacementRacesTest(SqliteRacesTest):
    def make_placement(self, folder):
        placement = RealPlacement(folder)
        self.addCleanup(placement.close)
        return placement
