# SPDX-License-Identifier: Apache-2.0
"""`[placement]`: how candidates are made and what incomplete consumers get. Not the group of the same name in
nova.conf.
"""

from oslo_config import cfg

NOBODY = '00000000-0000-0000-0000-000000000000'
GROUP = 'placement'
OPTS = [
    cfg.BoolOpt('randomize_allocation_candidates', default=False, help="""
Shuffle the allocation candidates of each answer. With a `limit`, the hosts that an answer shows are then drawn at
random. Without this option a limited answer begins at a changing place, so that a sequence of limited requests
reaches every host, and an unlimited answer has a stable but undefined order.
"""),
    cfg.StrOpt('incomplete_consumer_project_id', default=NOBODY, help="""
The project stored for a consumer whose allocations were written at a microversion below 1.8, which names none.
"""),
    cfg.StrOpt('incomplete_consumer_user_id', default=NOBODY, help="""
The user stored for a consumer whose allocations were written at a microversion below 1.8, which names none.
"""),
    cfg.IntOpt('allocation_conflict_retry_count', default=10, min=1, help="""
How often a claim is tried again inside the server when other writers made the database refuse it. Claims lock the
providers they touch, so that this is rarely needed; SQLite and clustered MariaDB are the cases that use it.
"""),
    cfg.IntOpt('max_allocation_candidates', default=-1, help="""
The largest number of allocation candidates that one request generates; -1 for no bound. A `limit` in the request is
applied to what was generated. Candidates are generated as they are sent, so a request's own limit bounds its cost too;
this option bounds requests that name none, which matters where many like devices make many combinations.
"""),
    cfg.StrOpt('allocation_candidates_generation_strategy', default='depth-first',
               choices=['depth-first', 'breadth-first'], help="""
In which order candidates are generated when `max_allocation_candidates` bounds them. `depth-first` takes every
candidate of one root provider before it goes to the next root; `breadth-first` takes one candidate of each root in
turn, so that a bound leaves candidates from many roots.
"""),
]
