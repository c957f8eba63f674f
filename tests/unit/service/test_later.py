# SPDX-License-Identifier: Apache-2.0
"""Modules that are executed when they are needed."""

import pathlib
import sys
import tempfile
import threading

import testtools

from nova_lite.service import later

# It says when it is executed, and is not whole until `go` is set.
TEXT = '''
import sys
steps = sys.modules['{tests}'].steps
steps.append('begun')
first = 1
assert sys.modules[__name__].first == 1
sys.modules['{tests}'].go.wait(30)
second = 2
'''
steps = []
go = threading.Event()


class LaterTest(testtools.TestCase):

    def setUp(self):
        super().setUp()
        steps.clear()
        go.clear()
        self.addCleanup(go.set)
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        sys.path.insert(0, folder.name)
        self.addCleanup(sys.path.remove, folder.name)
        self.addCleanup(self.forget)

    def write(self, name, text):
        path = self.folder / f'{name}.py'
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)

    def forget(self):
        for name in [name for name in sys.modules if name.startswith('later_')]:
            del sys.modules[name]

    def test_is_executed_once_and_seen_whole_by_all_threads(self):
        self.write('later_one', TEXT.format(tests=__name__))
        later.postpone('later_one')
        import later_one
        self.assertEqual([], steps)
        seen = []
        threads = [threading.Thread(target=lambda: seen.append((later_one.first, later_one.second)))
                   for _ in range(4)]
        for thread in threads:
            thread.start()
        go.set()
        for thread in threads:
            thread.join(30)
        self.assertEqual([(1, 2)] * 4, seen)
        self.assertEqual(['begun'], steps)

    def test_a_part_of_a_package(self):
        self.write('later_package/__init__', '')
        self.write('later_package/part', 'VALUE = 3')
        later.postpone('later_package.part')
        from later_package import part
        self.assertNotIn('VALUE', vars(part))
        self.assertEqual(3, part.VALUE)

    def test_a_failure_is_raised_each_time(self):
        self.write('later_bad', 'raise OSError("no")')
        later.postpone('later_bad')
        import later_bad
        for _ in range(2):
            self.assertRaises(OSError, getattr, later_bad, 'value')

    def test_what_is_loaded_or_missing_is_left_alone(self):
        later.postpone('threading', 'later_missing')
        self.assertIs(threading, sys.modules['threading'])
        self.assertNotIn('later_missing', sys.modules)
