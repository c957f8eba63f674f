# SPDX-License-Identifier: Apache-2.0
"""Applies the rules: oslo.policy, with the outcomes remembered.

A rule's outcome is a pure function of who asks, the target and the rules, so it is kept until the rules change; rules
that ask a remote server (`http:`) are asked each time. Policy files are looked at again every RELOAD_SECONDS.
"""

import threading
import time

from oslo_log import log
from oslo_policy import opts, policy

from nova_lite import errors, policies

LOG = log.getLogger(__name__)

RELOAD_SECONDS = 2.0
_KEPT_OUTCOMES = 20000
_CREDENTIALS = ('user_id', 'user_domain_id', 'system_scope', 'domain_id', 'project_id', 'project_domain_id',
                'is_admin_project', 'service_user_id', 'service_user_domain_id', 'service_project_id',
                'service_project_domain_id')


class PolicyNotAuthorized(errors.Forbidden):
    """The policy refuses. `details['rule']` names the rule."""

    def __init__(self, rule):
        super().__init__(f"Policy doesn't allow {rule} to be performed.", rule=rule)


@policy.register('is_admin')
class _IsAdmin(policy.Check):
    """`is_admin:True`: what `context_is_admin` said of the asker."""

    def __init__(self, kind, match):
        super().__init__(kind, match)
        self._wanted = match.lower() == 'true'

    def __call__(self, target, creds, enforcer, current_rule=None):
        return bool(creds.get('is_admin')) == self._wanted


class Enforcer:
    """Says who may do what. `overrides`: rule -> check string, on top of the files; for tests."""

    def __init__(self, conf, overrides=None, monotonic=time.monotonic):
        opts.set_defaults(conf)
        self._enforcer = policy.Enforcer(conf)
        self._enforcer.suppress_default_change_warnings = True
        self._enforcer.suppress_deprecation_warnings = True
        self._enforcer.register_defaults(policies.list_rules())
        self._overrides = policy.Rules.from_dict(overrides or {})
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._outcomes = {}
        self._rules = None
        self._pure = True
        self._loaded_at = None
        self._load()

    def authorize(self, context, rule, target=None):
        """Raise PolicyNotAuthorized unless `context` may do `rule` to `target` (default: the asker's own)."""
        if not self.allows(context, rule, target):
            raise PolicyNotAuthorized(rule)

    def allows(self, context, rule, target=None):
        """Whether `context` may do `rule` to `target`; a target is a dict of plain values."""
        if self._monotonic() - self._loaded_at > RELOAD_SECONDS:
            self._load()
        if target is None:
            target = {'project_id': context.project_id, 'user_id': context.user_id}
        key = (rule, self._key_of(context), tuple(target.items()))
        # With new rules comes a new dictionary: an outcome of the old ones must not be kept in it.
        outcomes = self._outcomes
        outcome = outcomes.get(key)
        if outcome is None:
            outcome = self._evaluate(context, rule, target)
            if self._pure:
                if len(outcomes) >= _KEPT_OUTCOMES:
                    outcomes.clear()
                outcomes[key] = outcome
        return outcome

    def is_admin(self, context):
        """Whether the policy counts the asker as an administrator; sets nothing."""
        return self.allows(context, 'context_is_admin')

    def _evaluate(self, context, rule, target):
        credentials = dict(context.to_policy_values())
        credentials['is_admin'] = bool(context.is_admin)
        return bool(self._enforcer.authorize(rule, target, credentials, do_raise=False))

    @staticmethod
    def _key_of(context):
        found = [getattr(context, name) for name in _CREDENTIALS]
        return (bool(context.is_admin), tuple(context.roles), tuple(context.service_roles or ()), *found)

    def _load(self):
        with self._lock:
            self._enforcer.load_rules()
            if self._enforcer.rules is not self._rules:
                self._enforcer.rules.update(self._overrides)
                self._rules = self._enforcer.rules
                self._pure = not any(mark in str(check) for check in self._rules.values()
                                     for mark in ('http:', 'https:'))
                self._outcomes = {}
            self._loaded_at = self._monotonic()
