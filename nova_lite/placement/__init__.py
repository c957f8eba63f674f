# SPDX-License-Identifier: Apache-2.0
"""The Placement service, API 1.0 to 1.39. It stands alone: of this project it imports only `errors` and `service`."""

from nova_lite.service import later

# Start-up takes a third longer without. Who imports them, and what for: oslo.policy for its debug log and for policy
# files, oslo.config for addresses of web sites, oslo.serialization for a format of XML, oslo.cache for network cards.
later.postpone('oslo_utils.strutils', 'yaml', 'rfc3986', 'xmlrpc.client', 'psutil')
