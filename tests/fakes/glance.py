# SPDX-License-Identifier: Apache-2.0
"""A Glance in memory: the interface of `clients.glance.Glance`, and what this project uses of its HTTP face."""

import hashlib
import json
import re
import uuid

from nova_lite import errors
from nova_lite.clients.glance import _image

_RANGE = re.compile(r'bytes=(\d+)-')


class Glance:
    """Images by id. `application` is the HTTP face. `tokens` keeps what each request was made with."""

    def __init__(self):
        self.images = {}
        self.contents = {}
        self.tokens = []
        self.break_after = None

    def add(self, name, content=b'', **fields):
        """Store an active image; returns its id."""
        image_id = fields.pop('id', None) or str(uuid.uuid4())
        self.contents[image_id] = content
        self.images[image_id] = {
            'id': image_id, 'name': name, 'status': 'active', 'visibility': 'public', 'disk_format': 'raw',
            'container_format': 'bare', 'size': len(content), 'virtual_size': None, 'min_disk': 0, 'min_ram': 0,
            'checksum': hashlib.md5(content, usedforsecurity=False).hexdigest(), 'os_hash_algo': 'sha512',
            'os_hash_value': hashlib.sha512(content).hexdigest(), 'owner': 'admin', 'tags': [], 'protected': False,
            'os_hidden': False, 'file': f'/v2/images/{image_id}/file', 'schema': '/v2/schemas/image',
        } | fields
        return image_id

    def show(self, image_id, token=None):
        """See the client."""
        self.tokens.append(token)
        if image_id not in self.images:
            raise errors.NotFound(f'Image {image_id}: No image found')
        return _image(self.images[image_id])

    def download(self, image_id, token=None):
        """See the client."""
        self.show(image_id, token)
        if not self.contents[image_id]:
            raise errors.Conflict(f'Image {image_id} has no data.')
        yield self.contents[image_id]

    def application(self, environ, start_response):
        """GET /v2/images/ID and /v2/images/ID/file. With `break_after`, the next body ends after so many bytes."""
        self.tokens.append(environ.get('HTTP_X_AUTH_TOKEN'))
        words = environ['PATH_INFO'].strip('/').split('/')
        image = self.images.get(words[2]) if words[:2] == ['v2', 'images'] and len(words) in (3, 4) else None
        if image is None:
            start_response('404 Not Found', [('Content-Type', 'text/html')])
            return [b'<html>No image found</html>']
        if len(words) == 3:
            start_response('200 OK', [('Content-Type', 'application/json')])
            return [json.dumps(image).encode()]
        return self._file(self.contents[image['id']], environ.get('HTTP_RANGE', ''), start_response)

    def _file(self, content, wanted, start_response):
        if not content:
            start_response('204 No Content', [])
            return []
        match = _RANGE.fullmatch(wanted)
        body = content[int(match[1]):] if match else content
        start_response('206 Partial Content' if match else '200 OK', [('Content-Length', str(len(body)))])
        cut, self.break_after = self.break_after, None
        return [body if cut is None else body[:cut]]
