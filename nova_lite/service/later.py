# SPDX-License-Identifier: Apache-2.0
"""Modules that are executed when something first looks into them: start-up pays only for what it uses.

For modules of other packages that what we need imports, that take long to load, and that are hardly ever used.
"""

import importlib.util
import sys
import threading
import types

# One lock that its owner may take again: a module looks into itself while it is executed, and other threads wait until
# it is whole. (The standard library's LazyLoader shows them half of it before Python 3.11.9.)
_LOCK = threading.RLock()
# What the import system itself asks a module for.
_OUTSIDE = frozenset(('__class__', '__dict__', '__spec__', '__name__', '__path__', '__file__', '__loader__',
                      '__package__'))
_WAITS = '__not_executed__'


class _Later(types.ModuleType):
    def __getattribute__(self, name):
        if name not in _OUTSIDE:
            with _LOCK:
                if vars(self).pop(_WAITS, False):
                    _execute(self)
        # Not super(): by now the class may be another.
        return types.ModuleType.__getattribute__(self, name)


def _execute(module):
    try:
        module.__spec__.loader.exec_module(module)
    except BaseException:
        vars(module)[_WAITS] = True
        raise
    module.__class__ = types.ModuleType


def postpone(*names):
    """Let `import NAME` cost nothing until something in that module is wanted.

    No effect on a module that is loaded already, or that does not exist.
    """
    for name in names:
        spec = None if name in sys.modules else importlib.util.find_spec(name)
        if spec is None:
            continue
        module = importlib.util.module_from_spec(spec)
        module.__class__ = _Later
        vars(module)[_WAITS] = True
        sys.modules[name] = module
        parent, _, child = name.rpartition('.')
        if parent:
            setattr(sys.modules[parent], child, module)
