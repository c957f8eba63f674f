# SPDX-License-Identifier: Apache-2.0
"""The version documents: what clients read before anything else."""

from nova_lite.api import links, microversions

_DOCS = 'http://docs.openstack.org/'
_UPDATED = {'v2.0': '2025-07-04T12:00:00Z', 'v2.1': '2013-07-23T11:33:21Z'}
_STATUS = {'v2.0': 'DEPRECATED', 'v2.1': 'CURRENT'}
_PATHS = {'v2.0': 'v2', 'v2.1': 'v2.1'}
IDS = ('v2.0', 'v2.1')


def _bounds(id):
    if id == 'v2.0':
        return {'version': '', 'min_version': ''}
    return {'version': f'2.{microversions.LAST}', 'min_version': f'2.{microversions.FIRST}'}


def _media_types(id):
    number = '2' if id == 'v2.0' else '2.1'
    return [{'base': 'application/json', 'type': f'application/vnd.openstack.compute+json;version={number}'}]


def _root(http, conf):
    return links.with_prefix(f'{http.scheme}://{http.netloc}{http.root_path}', conf.api.compute_link_prefix)


def every(http, conf):
    """The document at `/`."""
    return {'versions': [
        {'id': id, 'status': _STATUS[id], **_bounds(id), 'updated': _UPDATED[id],
         'links': [{'rel': 'self', 'href': f'{_root(http, conf)}/{_PATHS[id]}/'}]}
        for id in IDS]}


def choices(http, conf, path):
    """The document where no version is named: which there are for `path`."""
    return {'choices': [
        {'id': id, 'status': _STATUS[id], 'media-types': _media_types(id),
         'links': [{'rel': 'self', 'href': f'{_root(http, conf)}/{_PATHS[id]}/{path.strip("/")}'}]}
        for id in IDS]}


def one(http, conf, id, root):
    """The document of one version, asked for at `root` ('/v2.1' or '/v2')."""
    base = links.with_prefix(f'{http.scheme}://{http.netloc}{http.root_path}{root}', conf.api.compute_link_prefix)
    return {'version': {
        'id': id, 'status': _STATUS[id], **_bounds(id), 'updated': _UPDATED[id],
        'links': [{'rel': 'self', 'href': f'{base.rstrip("/")}/'},
                  {'rel': 'describedby', 'type': 'text/html', 'href': _DOCS}],
        'media-types': _media_types(id)}}
