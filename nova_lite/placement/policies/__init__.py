# SPDX-License-Identifier: Apache-2.0
"""Who may do what: Placement's rule names, default checks and scopes, and the enforcer that applies them."""

from oslo_policy import policy

from nova_lite.placement import errors
from nova_lite.placement.policies import base, rules


def list_rules():
    return [*base.RULES, *rules.RULES]


class Policy:
    """The rules of one service, with what its policy file changes."""

    def __init__(self, conf):
        self._enforcer = policy.Enforcer(conf)
        # The old defaults still hold by default; a warning for each rule would only hide other lines of the log.
        self._enforcer.suppress_default_change_warnings = True
        self._enforcer.register_defaults(list_rules())
        self._enforcer.load_rules()

    def check(self, context, rule, target=None):
        """Raises Forbidden."""
        if target is None:
            target = {'project_id': context.project_id, 'user_id': context.user_id}
        try:
            allowed = self._enforcer.authorize(rule, target, context)
        except policy.InvalidScope:
            allowed = False
        if not allowed:
            raise errors.Forbidden(f'Policy does not allow {rule} to be performed.')
