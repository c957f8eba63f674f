# SPDX-License-Identifier: Apache-2.0
"""quota: how much a guest may do at a time."""

from nova_lite.hardware.extra_specs.kinds import Choice, Integer

_LEVEL = Choice('custom', 'high', 'normal', 'low')

EXACT = {f'quota:{name}': Integer(0) for name in (
    'cpu_limit', 'cpu_period', 'cpu_shares', 'cpu_shares_share', 'disk_io_limit', 'disk_io_shares_share',
    'disk_read_bytes_sec', 'disk_read_iops_sec', 'disk_total_bytes_sec', 'disk_total_iops_sec',
    'disk_write_bytes_sec', 'disk_write_iops_sec', 'memory_limit', 'memory_shares_share', 'vif_inbound_average',
    'vif_inbound_burst', 'vif_inbound_peak', 'vif_limit', 'vif_outbound_average', 'vif_outbound_burst',
    'vif_outbound_peak', 'vif_shares_share')}
EXACT |= {f'quota:{name}': Integer() for name in (
    'cpu_quota', 'cpu_reservation', 'disk_io_reservation', 'memory_reservation', 'vif_reservation')}
EXACT |= {f'quota:{name}': _LEVEL for name in (
    'cpu_shares_level', 'disk_io_shares_level', 'memory_shares_level', 'vif_shares_level')}
PATTERNS = []
