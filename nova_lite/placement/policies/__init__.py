# SPDX-License-Identifier: Apache-2.0
"""Who may do what: Placement's rule names, default checks and scopes, and the enforcer that applies them."""

import time

from oslo_policy import policy

from nova_lite.placement import errors
from nova_lite.placement.policies import base, rules

# A change of the policy file works after so many seconds at most.
FRESH_SECONDS = 1.0
MOST_KNOWN = 1000


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
        self._known = {}
        self._forget_at = 0.0

    def check(self, context, rule, target=None):
        """Raises Forbidden. For a second the same question gets the same answer without another look at the rules."""
        if target is None:
            target = {'project_id': context.project_id, 'user_id': context.user_id}
        now = time.monotonic()
        if now >= self._forget_at or len(self._known) > MOST_KNOWN:
            self._known = {}
            self._forget_at = now + FRESH_SECONDS
        question = (rule, tuple(target.items()), repr(context.to_policy_values()))
        allowed = self._known.get(question)
        if allowed is None:
            allowed = self._known[question] = self._ask(context, rule, target)
        if not allowed:
            raise errors.Forbidden(f'Policy does not allow {rule} to be performed.')

    def _ask(self, context, rule, target):
        try:
            return bool(self._enforcer.authorize(rule, target, context))
        except policy.InvalidScope:
            return False
