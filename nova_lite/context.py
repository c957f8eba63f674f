# SPDX-License-Identifier: Apache-2.0
"""Who asks: the request context, its form on the wire, and the context that log lines are marked with.

Tokens live only in memory: they are in no dictionary this module produces. Nothing here decides what somebody may do.
"""

import contextlib

from oslo_context import context as oslo_context

_WIRE_FIELDS = (
    'user_id', 'user_name', 'user_domain_id', 'project_id', 'project_name', 'project_domain_id', 'domain_id',
    'system_scope', 'roles', 'is_admin', 'request_id', 'global_request_id', 'service_user_id', 'service_roles',
)


class RequestContext(oslo_context.RequestContext):
    """The asker of one request: user, project, roles, scope and request id.

    Making one does not mark the log lines of the thread; `bound` does. `is_admin` is None until somebody who knows the
    policy sets it.
    """

    user_idt_format = '{user} {project_id} {domain} {user_domain} {p_domain}'

    def __init__(self, *args, remote_address=None, **kwargs):
        kwargs['overwrite'] = False
        super().__init__(*args, **kwargs)
        self.remote_address = remote_address

    def update_store(self):
        """Do nothing: a context is attached to a thread only inside `bound`, so that none outlives its request."""

    def to_dict(self):
        """The fields for log formats and policy libraries; never a token."""
        values = super().to_dict()
        values['auth_token'] = None
        values['user_id'] = self.user_id
        return values

    def to_wire(self):
        """The fields that go to another daemon, without the empty ones and without tokens."""
        values = {name: getattr(self, name) for name in _WIRE_FIELDS}
        return {name: value for name, value in values.items() if value not in (None, [], False)}

    @classmethod
    def from_wire(cls, values):
        """The context made from `to_wire()` of this or another release: unknown fields are ignored."""
        return cls(**{name: values[name] for name in _WIRE_FIELDS if name in values})

    def __repr__(self):
        return f'<RequestContext {self.request_id} user={self.user_id} project={self.project_id}>'


def admin_context(request_id=None):
    """The context of the service's own work, with every right; `request_id` ties it to the request that caused it."""
    return RequestContext(is_admin=True, roles=['admin'], request_id=request_id)


def current():
    """The context that is bound to this thread, or None. One that a library has left there is not ours."""
    found = oslo_context.get_current()
    return found if isinstance(found, RequestContext) else None


@contextlib.contextmanager
def bound(context):
    """Mark every log line of this thread with `context` until the block ends."""
    store = oslo_context._request_store
    before = getattr(store, 'context', None)
    store.context = context
    try:
        yield context
    finally:
        store.context = before
