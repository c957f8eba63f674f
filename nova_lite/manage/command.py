# SPDX-License-Identifier: Apache-2.0
"""A command line made of a table of commands: parses, runs, prints, gives the exit code. Knows no command itself.

Options that every program of ours has (`--config-file` and its like) may stand before or after the command.
"""

import argparse
import dataclasses
import functools
import sys
import traceback
from collections.abc import Callable

import prettytable
from oslo_db import exception as db_exc

from nova_lite import conf as conf_module
from nova_lite import errors
from nova_lite.db import cells
from nova_lite.service import clock, logs

FAILED = 1
CRASHED = 255

_WITH_VALUE = ('--config-file', '--config-dir', '--log-file', '--log-dir', '--log-config-append')
_WITHOUT_VALUE = ('--debug', '-d', '--nodebug')
_EPILOG = 'Before or after the command: --config-file FILE, --config-dir FOLDER (each may be repeated), --debug.'


@dataclasses.dataclass(frozen=True)
class Table:
    """Rows under headings."""

    headings: tuple
    rows: list


@dataclasses.dataclass(frozen=True)
class Answer:
    """What a command has to say: sentences and Tables, and the exit code."""

    parts: tuple = ()
    code: int = 0


@dataclasses.dataclass(frozen=True)
class Command:
    """One command: `run(cloud, **arguments)` gives an Answer. `arguments` are made by `argument`."""

    category: str
    name: str
    help: str
    run: Callable
    arguments: tuple = ()


class Cloud:
    """What a command may reach: the options, and the databases that they name."""

    def __init__(self, conf):
        self.conf = conf
        self.clock = clock.SystemClock()

    @functools.cached_property
    def cells(self):
        """The databases. Raises Invalid when the options name none."""
        return cells.Cells.from_conf(self.conf)


def argument(*flags, **options):
    """What argparse's `add_argument` is given."""
    return flags, options


def say(*sentences, code=0):
    """An Answer of sentences."""
    return Answer(sentences, code)


def main(prog, commands, argv=None):
    """Run the command that `argv` (default: the process's) names; the exit code."""
    options, words = options_first(sys.argv[1:] if argv is None else argv)
    arguments = vars(_parser(prog, commands).parse_args(words))
    command = arguments.pop('command')
    arguments.pop('category')
    try:
        conf = conf_module.new(options, prog=prog)
        logs.setup(conf, 'nova')
        answer = command.run(Cloud(conf), **arguments)
    except errors.Error as error:
        print(error, file=sys.stderr)
        return FAILED
    except db_exc.DBNonExistentTable:
        print('The database has no tables yet: run "nova-manage api_db sync" and "nova-manage db sync".',
              file=sys.stderr)
        return FAILED
    except Exception:  # noqa: BLE001  the end of the process: said once, whole
        print('An error has occurred:', file=sys.stderr)
        print(logs.mask(traceback.format_exc()), file=sys.stderr)
        return CRASHED
    for part in answer.parts:
        print(_table(part) if isinstance(part, Table) else part)
    return answer.code


def options_first(argv):
    """(what oslo.config is given, the command and its own arguments)."""
    options, words = [], []
    rest = iter(argv)
    for word in rest:
        if word in _WITHOUT_VALUE or word.startswith(tuple(f'{flag}=' for flag in _WITH_VALUE)):
            options.append(word)
        elif word in _WITH_VALUE:
            options += [word, *[value for value in (next(rest, None),) if value is not None]]
        else:
            words.append(word)
    return options, words


def _parser(prog, commands):
    parser = argparse.ArgumentParser(prog=prog, epilog=_EPILOG)
    by_category = parser.add_subparsers(dest='category', required=True, metavar='CATEGORY')
    groups = {}
    for command in commands:
        if command.category not in groups:
            names = [other.name for other in commands if other.category == command.category]
            group = by_category.add_parser(command.category, help=', '.join(names), epilog=_EPILOG)
            groups[command.category] = group.add_subparsers(required=True, metavar='COMMAND')
        found = groups[command.category].add_parser(
            command.name, help=command.help, description=command.help, epilog=_EPILOG)
        for flags, options in command.arguments:
            found.add_argument(*flags, **options)
        found.set_defaults(command=command)
    return parser


def _table(table):
    drawn = prettytable.PrettyTable(list(table.headings))
    drawn.align = 'l'
    drawn.add_rows([['-' if value is None else value for value in row] for row in table.rows])
    return drawn
