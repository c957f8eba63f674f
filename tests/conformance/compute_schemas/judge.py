# SPDX-License-Identifier: Apache-2.0
"""Holds recorded answers of the compute API against the response schemas of upstream's `nova` package.

Run by the Python of a virtual environment that has `nova`; it imports nothing of ours. `judge.py RECORDING`: prints one
line for each answer that upstream's schema refuses, then a line of counts as JSON; exit code 1 if there was one.
"""

import collections
import functools
import json
import re
import sys


def main(path):
    """Judge a recording; the exit code."""
    from nova.api.openstack.compute import routes

    table = [(_pattern(url), methods) for url, methods in routes.ROUTE_LIST]
    counts = collections.Counter()
    seen = set()
    with open(path, encoding='utf-8') as recording:
        for line in recording:
            if line in seen:
                continue
            seen.add(line)
            _judge(json.loads(line), table, counts)
    print(json.dumps(counts, sort_keys=True))
    return 1 if counts['refused'] else 0


def _pattern(url):
    # A literal part is never longer than one that may be anything, so the order of the table decides, as in Nova.
    return re.compile(re.sub(r'\\{[^}]*\\}', '[^/]+', re.escape(url)) + '$')


def _judge(answer, table, counts):
    match = re.match(r'/(v2\.1|v2)(/[0-9a-f-]+(?=/))?(/.*)$', answer['path'])
    if answer['status'] >= 300 or match is None:
        counts['not judged'] += 1
        return
    legacy = match.group(1) == 'v2'
    method = _method(table, answer, match.group(3))
    schemas = getattr(method, 'response_body_schemas', None)
    schema = schemas(_Request(answer['version'], legacy)) if schemas is not None else None
    if schema is None:
        counts['without schema'] += 1
        return
    problem = _problem(schema, json.loads(answer['body']) if answer['body'] else None)
    counts['refused' if problem else 'accepted'] += 1
    if problem:
        print(f'{answer["method"]} {answer["path"]} {answer["action"] or ""} at {answer["version"]}: {problem}')


def _method(table, answer, path):
    """The function of upstream that answers this, None if there is none."""
    for pattern, methods in table:
        if pattern.match(path) and answer['method'] in methods:
            controllers, name = _controllers(*methods[answer['method']])
            if name != 'action':
                return getattr(controllers[0], name, None)
            for controller in controllers:
                if answer['action'] in controller.wsgi_actions:
                    return getattr(controller, controller.wsgi_actions[answer['action']])
    return None


def _controllers(factory, name):
    """The classes that a factory would make a resource of, the main one first."""
    if not isinstance(factory, functools.partial):
        return [factory], name
    main, others = (*factory.args, [])[:2]
    return [main, *others], name


class _Request:
    """What upstream's schemas want to know of a request."""

    def __init__(self, version, legacy):
        from nova.api.openstack import api_version_request
        # The legacy root shows no version; it is the first one, or 2.0 where schemas have that.
        self.api_version_request = api_version_request.APIVersionRequest('2.1' if version is None else version)
        self.legacy = legacy


def _problem(schema, body):
    """Why upstream's validator refuses `body`, None if it does not."""
    from nova.api.validation import validators
    from nova.exception import ValidationError
    try:
        validators._SchemaValidator(schema).validate(body)
    except ValidationError as error:
        return str(error)
    return None


if __name__ == '__main__':
    sys.exit(main(sys.argv[1]))
