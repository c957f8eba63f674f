# SPDX-License-Identifier: Apache-2.0
"""The Placement service, API 1.0 to 1.39. It stands alone: of this project it imports only `errors` and `service`."""
