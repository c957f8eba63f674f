# SPDX-License-Identifier: Apache-2.0
"""The links in answers: `self`, `bookmark`, `next`. They repeat how the client came here, or `[api] *_link_prefix`."""

import urllib.parse


class Links:
    """Links of one request: computed once, then only joined."""

    __slots__ = ('_request', '_self', '_bookmark')

    def __init__(self, request):
        http = request.http
        root = f'{http.scheme}://{http.netloc}{http.root_path}'
        version = '/v2' if request.legacy else '/v2.1'
        prefix = request.conf.api.compute_link_prefix
        project = f'/{request.project_in_url}' if request.project_in_url else ''
        self._request = request
        self._self = with_prefix(root + version, prefix) + project
        self._bookmark = with_prefix(root, prefix) + project

    def self_link(self, collection, identifier):
        """The URL of one item, with the version."""
        return f'{self._self}/{collection}/{identifier}'

    def bookmark(self, collection, identifier):
        """The URL of one item that outlives versions."""
        return f'{self._bookmark}/{collection}/{identifier}'

    def of(self, collection, identifier):
        """The two links that every item shows."""
        return [{'rel': 'self', 'href': f'{self._self}/{collection}/{identifier}'},
                {'rel': 'bookmark', 'href': f'{self._bookmark}/{collection}/{identifier}'}]

    def next_page(self, path, marker):
        """The link list of a page that is not the last: the same query, after `marker`."""
        query = dict(sorted((self._request.query | {'marker': [marker]}).items()))
        return [{'rel': 'next', 'href': f'{self._self}/{path}?{urllib.parse.urlencode(query, doseq=True)}'}]


def with_prefix(url, prefix):
    """`url` with scheme, host and the start of the path of `prefix`, where one is set."""
    if not prefix:
        return url
    wanted = urllib.parse.urlsplit(prefix)
    parts = urllib.parse.urlsplit(url)
    path = wanted.path.rstrip('/') + parts.path
    return urllib.parse.urlunsplit((wanted.scheme, wanted.netloc, path, parts.query, parts.fragment)).rstrip('/')
