# SPDX-License-Identifier: Apache-2.0
"""What every daemon shares: start, drain, reload, systemd, health, clock, executor, concurrency backend, WSGI server.

Nothing here knows what a daemon is for. Importing the package imports nothing else: `concurrency.prepare` comes first.
"""
