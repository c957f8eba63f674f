# SPDX-License-Identifier: Apache-2.0
"""No file, function or class grows so large that nobody reads it."""

import ast
import pathlib

import testtools

from devstack import settings

MOST_LINES = 600
MOST_LINES_OF_A_FUNCTION = 60
MOST_PUBLIC_METHODS = 12
_FOLDERS = ('nova_lite', 'devstack', 'tests')


def _sources():
    for folder in _FOLDERS:
        for path in sorted((pathlib.Path(settings.REPOSITORY) / folder).rglob('*.py')):
            yield path.relative_to(settings.REPOSITORY), path.read_text()


class SizesTest(testtools.TestCase):
    def test_files(self):
        self.assertEqual([], [(str(path), text.count('\n')) for path, text in _sources()
                              if text.count('\n') > MOST_LINES])

    def test_functions_and_classes(self):
        found = []
        for path, text in _sources():
            if path.parts[0] == 'tests':
                continue
            for node in ast.walk(ast.parse(text)):
                if isinstance(node, ast.FunctionDef) and node.end_lineno - node.lineno >= MOST_LINES_OF_A_FUNCTION:
                    found.append(f'{path}: {node.name} has {node.end_lineno - node.lineno + 1} lines')
                elif isinstance(node, ast.ClassDef):
                    public = [each.name for each in node.body if isinstance(each, ast.FunctionDef)
                              and not each.name.startswith('_') and not each.decorator_list]
                    if len(public) > MOST_PUBLIC_METHODS:
                        found.append(f'{path}: {node.name} has {len(public)} public methods')
        self.assertEqual([], found)
