# SPDX-License-Identifier: Apache-2.0
"""The version document."""

from nova_lite.placement import microversions

_DOCUMENT = {'versions': [{
    'id': f'v{microversions.MIN}', 'max_version': str(microversions.MAX), 'min_version': str(microversions.MIN),
    'status': 'CURRENT', 'links': [{'rel': 'self', 'href': ''}]}]}


def show(call):
    call.json(_DOCUMENT)
