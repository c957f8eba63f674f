# SPDX-License-Identifier: Apache-2.0
"""The one error of this package: a sentence for the person at the terminal, and the log that explains it."""

from pathlib import Path


class DevstackError(Exception):
    """A part could not be had. ``log`` names the file whose last lines tell why."""

    def __init__(self, message: str, log: Path | None = None):
        super().__init__(message)
        self.log = log

    def tail(self, lines: int = 25) -> str:
        """The last ``lines`` lines of the log, or nothing."""
        if self.log is None or not self.log.exists():
            return ''
        return '\n'.join(self.log.read_text(errors='replace').splitlines()[-lines:])
