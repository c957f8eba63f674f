# SPDX-License-Identifier: Apache-2.0
"""Runs qemu-img: always told the format, always with limits, and ended when the task that wants it is called off."""

import errno
import json
import os
import signal
import subprocess
import sys
import tempfile

from oslo_utils import units

# Seconds between two looks at whether it has ended.
_FIRST_PAUSE, _LONGEST_PAUSE = 0.01, 0.2


class QemuImgFailed(Exception):
    """qemu-img ended with an error. `refused`: it said no itself, or met one of its limits; else it was killed."""

    def __init__(self, message, refused):
        super().__init__(message)
        self.refused = refused


class QemuImg:
    """`address_space_gib` and `cpu_seconds` are the limits of one run (`[libvirt] images_*_limit`)."""

    def __init__(self, address_space_gib, cpu_seconds):
        self._address_space = address_space_gib * units.Gi
        self._cpu_seconds = cpu_seconds

    def info(self, path, disk_format, task):
        """What qemu-img knows of the file, as it prints it."""
        return json.loads(self._run(task, 0, 'info', '-f', disk_format, '--force-share', '--output=json', str(path)))

    def convert(self, source, source_format, target, target_format, size, task):
        """Copy a disk of `size` bytes into another format."""
        self._run(task, size, 'convert', '-f', source_format, '-O', target_format, str(source), str(target))

    def create_overlay(self, path, size, base, base_format, task):
        """Make a qcow2 of `size` bytes on top of `base`."""
        self._run(task, 0, 'create', '-q', '-f', 'qcow2', '-F', base_format, '-b', str(base), str(path), str(size))

    def resize(self, path, disk_format, size, task):
        """Change the size of a disk to `size` bytes, never to less than it has."""
        self._run(task, 0, 'resize', '-q', '-f', disk_format, str(path), str(size))

    def _run(self, task, size, *arguments):
        cpu = self._cpu_seconds * (1 + size // units.Gi)
        command = [sys.executable, '-m', 'oslo_concurrency.prlimit', f'--as={self._address_space}', f'--cpu={cpu}',
                   '--', 'env', 'LC_ALL=C', 'qemu-img', *arguments]
        with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as complaint:
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=complaint)
            try:
                pause = _FIRST_PAUSE
                while process.poll() is None:
                    task.sleep(pause)
                    pause = min(pause * 1.5, _LONGEST_PAUSE)
            except BaseException:
                process.kill()
                process.wait()
                raise
            if process.returncode:
                said = _text(complaint)
                if os.strerror(errno.ENOSPC) in said:
                    raise OSError(errno.ENOSPC, said)
                raise QemuImgFailed(f'qemu-img {arguments[0]} ended with {process.returncode}: {said}',
                                    process.returncode > 0 or process.returncode == -signal.SIGXCPU)
            return _text(output, most=None)


def _text(file, most=500):
    file.seek(0)
    text = file.read().decode(errors='replace').strip()
    return text if most is None else text[-most:]
