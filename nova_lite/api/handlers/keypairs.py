# SPDX-License-Identifier: Apache-2.0
"""Key pairs: a user's own, and for administrators those of others."""

from nova_lite.api import keys, microversions, pagination
from nova_lite.api.operation import operation
from nova_lite.api.schemas import keypairs as schemas
from nova_lite.api.validation import Windows
from nova_lite.api.views import keypairs as views
from nova_lite.db import keypairs, quota_limits
from nova_lite.policies import keypairs as rules


@operation(query=schemas.INDEX_QUERY)
def index(req):
    """GET /os-keypairs"""
    user_id = _user(req, rules.INDEX)
    paged = req.version >= microversions.KEYPAIR_PAGES
    marker = pagination.marker(req) if paged else None
    with req.cells.api.read() as tx:
        try:
            found = keypairs.list(tx, user_id, marker=marker, limit=pagination.limit(req) if paged else None)
        except keypairs.KeypairNotFound as error:
            raise pagination.MarkerNotFound(marker) from error
    links = pagination.next_links(req, 'os-keypairs', len(found), lambda: found[-1].name) if paged else None
    return views.page([views.brief(req, keypair) for keypair in found], links)


@operation(query=schemas.QUERY)
def show(req, keypair_name):
    """GET /os-keypairs/{keypair_name}"""
    user_id = _user(req, rules.SHOW)
    with req.cells.api.read() as tx:
        return views.whole(req, keypairs.get(tx, user_id, keypair_name))


@operation(status=Windows((None, '2.1', 200), ('2.2', None, 201)), body=schemas.CREATE)
def create(req):
    """POST /os-keypairs"""
    wanted = req.body['keypair']
    user_id = wanted.get('user_id') or req.context.user_id
    req.authorize(rules.CREATE, {'user_id': user_id})
    kind = wanted.get('type', keys.SSH)
    private = None
    if 'public_key' in wanted:
        public, fingerprint = wanted['public_key'], keys.fingerprint(wanted['public_key'], kind)
    else:
        private, public, fingerprint = keys.generate(kind, user_id)
    values = {'user_id': user_id, 'name': wanted['name'].strip(), 'type': kind, 'public_key': public,
              'fingerprint': fingerprint}
    return views.created(req, req.cells.api.transact(_create, req, values), private)


@operation(status=Windows((None, '2.1', 202), ('2.2', None, 204)), query=schemas.QUERY)
def delete(req, keypair_name):
    """DELETE /os-keypairs/{keypair_name}"""
    req.cells.api.transact(keypairs.delete, _user(req, rules.DELETE), keypair_name)


def _user(req, rule):
    """Whose key pairs are meant; checked against the policy."""
    user_id = req.query.get('user_id', [None])[0] or req.context.user_id
    req.authorize(rule, {'user_id': user_id})
    return user_id


def _create(tx, req, values):
    limits = quota_limits.of_user(tx, req.conf, req.context.project_id or '', values['user_id'])
    return keypairs.create(tx, values, req.deps.clock.now(), limits['key_pairs'])
