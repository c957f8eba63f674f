# SPDX-License-Identifier: Apache-2.0
"""What the person at the terminal sees: one line per step, with its time."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager


class Step:
    """A step under way; ``note`` is what its last words will be."""

    def __init__(self) -> None:
        self.note = ''


@contextmanager
def step(title: str) -> Iterator[Step]:
    """Print ``title``, then how long the block took and its note."""
    print(f'  {title} ...', end=' ', flush=True)
    began = time.monotonic()
    under_way = Step()
    try:
        yield under_way
    except BaseException:
        print('failed', flush=True)
        raise
    note = f'{under_way.note}, ' if under_way.note else ''
    print(f'{note}{time.monotonic() - began:.1f} s', flush=True)


def heading(text: str) -> None:
    print(f'\n{text}', flush=True)


def complain(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
