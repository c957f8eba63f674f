# SPDX-License-Identifier: Apache-2.0
"""Every microversion of the API, one sentence each, and the reading of the version header."""

from typing import NamedTuple

SERVICE = 'placement'
HEADER = 'openstack-api-version'


class Version(NamedTuple):
    """A microversion; compares as a pair."""

    major: int
    minor: int

    def __str__(self):
        return f'{self.major}.{self.minor}'


HISTORY = (
    (0, 'Resource providers, inventories, allocations and usages.'),
    (1, 'Aggregates of a resource provider.'),
    (2, 'Resource classes, custom ones included.'),
    (3, 'Providers can be listed by aggregate.'),
    (4, 'Providers can be listed by the resources they have room for.'),
    (5, 'All inventories of a provider can be deleted at once.'),
    (6, 'Traits.'),
    (7, 'PUT of a resource class creates it or checks that it is there, without a body.'),
    (8, 'Allocations name the project and the user of their consumer.'),
    (9, 'Usages of a project or of a user.'),
    (10, 'Allocation candidates.'),
    (11, 'Providers link to their allocations.'),
    (12, 'Allocations are written in the form in which they are read.'),
    (13, 'Allocations of several consumers are written at once.'),
    (14, 'Providers form trees.'),
    (15, 'Answers with a body say when they were modified and are not cached.'),
    (16, 'Candidates can be limited.'),
    (17, 'Candidates can require traits.'),
    (18, 'Providers can be listed by traits.'),
    (19, 'Aggregates of a provider are guarded by its generation.'),
    (20, 'Creating a provider answers with it.'),
    (21, 'Candidates can be restricted to aggregates.'),
    (22, 'Traits can be forbidden.'),
    (23, 'Errors have a code.'),
    (24, 'member_of may be repeated.'),
    (25, 'Candidates for numbered groups of resources.'),
    (26, 'All of an inventory may be reserved.'),
    (27, 'Summaries of candidates show every resource class.'),
    (28, 'Consumers have a generation.'),
    (29, 'Candidates reach over the providers of a tree.'),
    (30, 'The reshaper moves inventories and allocations at once.'),
    (31, 'Candidates can be restricted to a tree.'),
    (32, 'Aggregates can be forbidden.'),
    (33, 'Groups of resources have names.'),
    (34, 'Candidates say which provider serves which group.'),
    (35, 'Candidates can require traits of the root.'),
    (36, 'Groups can be bound to one subtree, and may ask for no resources then.'),
    (37, 'Providers can get another parent, or none.'),
    (38, 'Consumers have a type.'),
    (39, 'required knows alternatives.'),
)
VERSIONS = {f'1.{minor}': Version(1, minor) for minor, _ in HISTORY}
MIN = Version(1, 0)
MAX = Version(1, HISTORY[-1][0])


class Malformed(ValueError):
    """The header's version is not two numbers."""


class Unknown(ValueError):
    """The header names a version that this service does not have."""


def negotiate(header):
    """The version that a request asks for: the last entry for this service counts, the lowest version is the default.

    Raises Malformed and Unknown.
    """
    wanted = None
    for entry in reversed((header or '').split(',')):
        parts = entry.split(None, 1)
        if len(parts) == 2 and parts[0].lower() == SERVICE:
            wanted = parts[1].strip()
            break
    if wanted is None:
        return MIN
    if wanted == 'latest':
        return MAX
    if (version := VERSIONS.get(wanted)) is not None:
        return version
    try:
        version = Version(*(int(part) for part in wanted.split('.', 1)))
    except (TypeError, ValueError) as exc:
        raise Malformed(f'Invalid microversion: invalid version string: {wanted}; {exc}') from exc
    if str(version) in VERSIONS:
        return VERSIONS[str(version)]
    raise Unknown(f'Invalid microversion: Unacceptable version header: {wanted}')
