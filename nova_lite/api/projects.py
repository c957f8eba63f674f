# SPDX-License-Identifier: Apache-2.0
"""Whether a project that a request names exists: Keystone knows, where there is one."""


def verify(req, project_id):
    """Raise Invalid if there is no such project."""
    if req.deps.projects is not None:
        req.deps.projects.verify_project_id(project_id, req.context.auth_token)
