# SPDX-License-Identifier: Apache-2.0
"""Pluggable drivers of hypervisors: a driver HAS interfaces, and what it lacks answers Unsupported.

A driver only drives: it chooses nothing, talks to no other service and keeps no record of what it was asked.
"""
