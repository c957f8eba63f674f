# SPDX-License-Identifier: Apache-2.0
"""Keystone as a client: whether a project exists. Tokens are keystonemiddleware's business."""

import urllib.parse

from oslo_log import log

from nova_lite import errors
from nova_lite.clients.http import Http

LOG = log.getLogger(__name__)


class Keystone:
    """The service identity, asked with the user's own token."""

    def __init__(self, http):
        self._http = http

    @classmethod
    def from_conf(cls, conf):
        """Keystone as the section [keystone] names it; without a login there, [service_user]'s is used."""
        return cls(Http(conf, 'keystone', fallback='service_user', version='/v3'))

    def verify_project_id(self, project_id, token):
        """Raise Invalid if Keystone says that there is no such project.

        Whoever may not ask, and whoever gets no answer, is believed: as in Nova, what comes of a wrong id is a row that
        nobody reads.
        """
        try:
            answer = self._http.request('GET', f'/v3/projects/{urllib.parse.quote(project_id, safe="")}', token=token)
        except errors.Unavailable as error:
            LOG.warning('Whether project %s exists is unknown: %s', project_id, error)
            return
        if answer.status == 404:
            raise errors.Invalid(f'Project ID {project_id} is not a valid project.')
        if answer.status >= 400 and answer.status != 403:
            LOG.warning('Whether project %s exists is unknown: Keystone answered %s', project_id, answer.status)
