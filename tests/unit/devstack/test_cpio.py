# SPDX-License-Identifier: Apache-2.0
"""The archive that the kernel unpacks: exact bytes of the format's documentation."""

import testtools

from devstack import cpio


class ArchiveTest(testtools.TestCase):

    def test_entries(self):
        archive = cpio.Archive()
        archive.folder('bin')
        archive.file('bin/a', b'12345', executable=True)
        archive.link('bin/b', '/bin/a')
        entries = self._read(archive.finish())
        self.assertEqual([
            ('bin', 0o040755, b''), ('bin/a', 0o100755, b'12345'), ('bin/b', 0o120777, b'/bin/a'),
            ('TRAILER!!!', 0, b'')], entries)

    def test_same_input_same_bytes(self):
        def build():
            archive = cpio.Archive()
            archive.file('x', b'y')
            return archive.finish()
        self.assertEqual(build(), build())

    def _read(self, data):
        """A reader of its own, after the kernel's documentation."""
        entries, at = [], 0
        while at < len(data):
            self.assertEqual(b'070701', data[at:at + 6])
            fields = [int(data[at + 6 + 8 * i:at + 14 + 8 * i], 16) for i in range(13)]
            size, length = fields[6], fields[11]
            name = data[at + 110:at + 110 + length]
            self.assertEqual(0, name[-1])
            start = (at + 110 + length + 3) // 4 * 4
            entries.append((name[:-1].decode(), fields[1], data[start:start + size]))
            at = (start + size + 3) // 4 * 4
        return entries
