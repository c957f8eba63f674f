# SPDX-License-Identifier: Apache-2.0
"""Glance as a client: what an image is, and its bytes."""

import msgspec
import urllib3
from oslo_log import log

from nova_lite import errors
from nova_lite.clients.http import Http, check
from nova_lite.messages.guests import Image

LOG = log.getLogger(__name__)

CHUNK_BYTES = 1024 * 1024
# Glance's own fields of an image that are neither ours nor properties.
_NOT_PROPERTIES = frozenset({
    'created_at', 'updated_at', 'tags', 'self', 'file', 'schema', 'protected', 'os_hidden', 'direct_url', 'locations',
    'stores',
})
_FIELDS = frozenset(Image.__struct_fields__) - {'properties'}


class Glance:
    """The service image. With a `token` a request is that user's, else the service's own."""

    def __init__(self, http, retries=3):
        self._http = http
        self._retries = retries

    @classmethod
    def from_conf(cls, conf):
        """Glance as the section [glance] names it; without a login there, [service_user]'s is used."""
        endpoint = conf.glance.api_servers[0] if conf.glance.api_servers else None
        http = Http(conf, 'glance', fallback='service_user', endpoint=endpoint, version='/v2')
        return cls(http, conf.glance.num_retries)

    def show(self, image_id, token=None):
        """The Image. Raises NotFound (also for one the asker may not see), Unavailable."""
        answer = self._http.request('GET', f'/v2/images/{image_id}', token=token)
        return _image(check(answer, f'Image {image_id}').decode())

    def download(self, image_id, token=None):
        """Iterate over the image's bytes, in pieces. A download that breaks off is continued `num_retries` times.

        Raises NotFound, Unavailable (also while iterating), and Conflict for an image without data.
        """
        done, broken = 0, 0
        while True:
            answer = self._open(image_id, token, done)
            try:
                for piece in self._pieces(answer, done):
                    done += len(piece)
                    yield piece
                return
            except (urllib3.exceptions.HTTPError, OSError) as error:
                broken += 1
                if broken > self._retries:
                    raise errors.Unavailable(f'The download of image {image_id} broke off at byte {done}.') from error
                LOG.warning('The download of image %s broke off at byte %s: %s', image_id, done, error)
            finally:
                answer.close()

    def _open(self, image_id, token, start):
        headers = {'Accept': 'application/octet-stream'} | ({'Range': f'bytes={start}-'} if start else {})
        path = f'/v2/images/{image_id}/file'
        answer = self._http.request('GET', path, headers=headers, token=token, stream=True)
        if answer.status == 204:
            answer.close()
            raise errors.Conflict(f'Image {image_id} has no data.')
        if answer.status >= 400:
            try:
                check(_Read(answer), f'Data of image {image_id}')
            finally:
                answer.close()
        return answer

    @staticmethod
    def _pieces(answer, start):
        # Not every store can begin in the middle: then what is there already is read again and dropped.
        skip = start if answer.status == 200 else 0
        for piece in answer.stream(CHUNK_BYTES, decode_content=False):
            if skip >= len(piece):
                skip -= len(piece)
                continue
            yield piece[skip:] if skip else piece
            skip = 0


class _Read:
    def __init__(self, answer):
        self.status = answer.status
        self.body = answer.read(65536)


def _image(data):
    fields = {name: value for name, value in data.items() if name in _FIELDS and value is not None}
    properties = {
        name: value if isinstance(value, str) else str(value) for name, value in data.items()
        if name not in _FIELDS and name not in _NOT_PROPERTIES and value is not None
    }
    try:
        return msgspec.convert({**fields, 'properties': properties}, Image)
    except msgspec.ValidationError as error:
        raise errors.Unavailable(f'Glance described an image in a way not understood: {error}') from error
