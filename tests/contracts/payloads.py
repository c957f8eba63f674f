# SPDX-License-Identifier: Apache-2.0
"""The shape of every payload on the wire: `python -m tests.contracts.payloads` writes down what it is now."""

import importlib
import json
import pathlib
import pkgutil

import msgspec

from nova_lite import messages

OPTIONAL = ' = '
FILE = pathlib.Path(__file__).with_name('payloads.json')


def shapes():
    """module.Struct -> field -> its type, with ' = ' behind it if it may be left out; a Struct's tag is under ''."""
    found = {}
    for module in pkgutil.iter_modules(messages.__path__):
        for name, kind in vars(importlib.import_module(f'{messages.__name__}.{module.name}')).items():
            if isinstance(kind, type) and issubclass(kind, msgspec.Struct) and kind.__module__.endswith(module.name):
                fields = {field.encode_name: _type(field) for field in msgspec.structs.fields(kind)}
                found[f'{module.name}.{name}'] = {'': str(kind.__struct_config__.tag), **fields}
    return found


def _type(field):
    text = field.type.__name__ if field.type in (str, int, float, bool, dict, list) else str(field.type)
    return text.replace('nova_lite.messages.', '') + ('' if field.required else OPTIONAL)


if __name__ == '__main__':
    FILE.write_text(json.dumps(shapes(), indent=1, sort_keys=True) + '\n')
