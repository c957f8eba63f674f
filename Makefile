# The two commands of this project are `make run` and `make test`; README.md says what they do.
# Variables: API_PORT PLACEMENT_PORT KEYSTONE_PORT GLANCE_PORT RABBIT_PORT, DRIVER=libvirt|fake, COMPUTES=3,
# CONDUCTORS=2, SCHEDULERS=2, API_WORKERS, PLACEMENT_WORKERS, MODE=full|embedded, STATE=folder, DEEP=1 (test).

PYTHON ?= python3

.PHONY: help run stop clean status test lint python
.NOTPARALLEL:

help:
	@sed -n 's/^# \{0,1\}//; 1,3p' Makefile

run: python
	@$(PYTHON) -m devstack up

stop: python
	@$(PYTHON) -m devstack down

clean: python
	@$(PYTHON) -m devstack clean

status: python
	@$(PYTHON) -m devstack status

test: python
	@$(PYTHON) -m devstack test

lint:
	@.venv/bin/ruff check .
	@.venv/bin/lint-imports

python:
	@command -v $(PYTHON) > /dev/null || { [ "$$(id -u)" = 0 ] && command -v apt-get > /dev/null && \
	  echo "installing $(PYTHON)" && apt-get update -q > /dev/null && \
	  apt-get install -y -q --no-install-recommends python3 > /dev/null; } || \
	  { echo "$(PYTHON) is not installed" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or later is needed, this is $$($(PYTHON) -V 2>&1); try: make run PYTHON=python3.12" >&2; exit 1; }
