# SPDX-License-Identifier: Apache-2.0
"""Native or green threads. `prepare` must run before anything else is imported, so this module imports next to nothing.

That is also why the option is found here by hand, before oslo.config is loaded.
"""

import glob
import os
import re
import sys
import warnings

ENVIRONMENT = 'OS_NOVA_CONCURRENCY_BACKEND'
BACKENDS = ('threading', 'eventlet')
_SECTION = re.compile(r'\[([^]]+)\]')
_OPTION = re.compile(r'concurrency_backend\s*[=:]\s*(\S*)')


def prepare(arguments=None, environ=None):
    """Patch the standard library if green threads are wanted; returns the backend's name.

    `arguments`: the command line after the program's name. Ends the process with a message if the name is unknown.
    """
    backend = wanted(sys.argv[1:] if arguments is None else arguments, os.environ if environ is None else environ)
    if backend == 'eventlet':
        warnings.filterwarnings('ignore', message=r'\s*Eventlet is deprecated')
        import eventlet
        eventlet.monkey_patch()
    return backend


def wanted(arguments, environ):
    """The backend that the environment or else the configuration names; `auto` is threading. Raises SystemExit."""
    name = environ.get(ENVIRONMENT) or 'auto'
    if name == 'auto':
        for path in _config_files(arguments):
            name = _read(path) or name
    if name != 'auto' and name not in BACKENDS:
        raise SystemExit(f'concurrency_backend must be auto, threading or eventlet, not {name}')
    return 'threading' if name == 'auto' else name


def is_green():
    """Whether threads are green in this process."""
    patcher = sys.modules.get('eventlet.patcher')
    return patcher is not None and patcher.is_monkey_patched('thread')


def share_sockets():
    """Let several green threads wait for one socket, as waitress's do: eventlet takes that for a mistake by itself."""
    if is_green():
        from eventlet import debug
        debug.hub_prevent_multiple_readers(False)


def tpool(function, *args, **kwargs):
    """Run a function that blocks in C (libvirt, a long read): with green threads, in a native one meanwhile."""
    if not is_green():
        return function(*args, **kwargs)
    from eventlet import tpool as pool
    return pool.execute(function, *args, **kwargs)


def native_thread(function, name):
    """A started daemon thread that green work cannot hold up, for what must be on time (the renewal of leases)."""
    if is_green():
        from eventlet import patcher
        threading = patcher.original('threading')
    else:
        import threading
    thread = threading.Thread(target=function, name=name, daemon=True)
    thread.start()
    return thread


def native_sleep(seconds):
    """Let a thread of `native_thread` pause."""
    if is_green():
        from eventlet import patcher
        time = patcher.original('time')
    else:
        import time
    time.sleep(seconds)


def _config_files(arguments):
    files, folders = [], []
    words = iter(arguments)
    for word in words:
        for flag, found in (('--config-file', files), ('--config-dir', folders)):
            if word == flag:
                found.append(next(words, ''))
            elif word.startswith(flag + '='):
                found.append(word[len(flag) + 1:])
    if not files and not folders:
        files, folders = ['/etc/nova/nova.conf'], ['/etc/nova/nova.conf.d']
    for folder in folders:
        files.extend(sorted(glob.glob(os.path.join(os.path.expanduser(folder), '*.conf'))))
    return [os.path.expanduser(path) for path in files]


def _read(path):
    try:
        with open(path, encoding='utf-8', errors='replace') as file:
            lines = file.readlines()
    except OSError:
        # oslo.config will say so, and better.
        return None
    section, found = None, None
    for line in lines:
        if match := _SECTION.match(line):
            section = match[1].strip()
        elif section == 'DEFAULT' and (match := _OPTION.match(line)):
            found = match[1].strip('\'"')
    return found
