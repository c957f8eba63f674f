# SPDX-License-Identifier: Apache-2.0
"""The agent on each hypervisor: it obeys. No database, no orchestration, no decisions.

Every request that changes something is a job (`jobs.py`); what a job does to the driver is in `primitives.py`.
"""
