# Every habit is one command, the same here and in CI. Needs Python 3.11 or newer with pip, make, and a package registry.

PYTHON ?= python3
UV := .tools/bin/uv
BIN := .venv/bin
LOCK := $(UV) pip compile --quiet --universal --python-version 3.11 --no-header --generate-hashes --no-emit-index-url \
	--no-emit-find-links
# The build backend of the editable install comes from the tools' lock, so that nothing unpinned ever runs.
INSTALL := $(UV) pip install --quiet --python $(BIN)/python
INSTALL_ROLLCALL := $(INSTALL) --no-deps --build-constraints requirements-tools.txt --require-build-hashes --editable .

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup check test demo bench properties storm kills mutate pictures system lock clean image image-check

help:  ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: .venv/.ready-dev  ## install everything into .tools and .venv

check: .venv/.ready-dev  ## lint, formatting, types and layers
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

test: .venv/.ready-dev  ## run the tests (ARGS="tests/billing -k tiers" for some of them)
	$(BIN)/pytest --numprocesses auto --dist loadfile --no-loadscope-reorder $(ARGS)

demo: .venv/.ready  ## play the whole story on this machine (ONCE=1: without hands, then end)
	$(BIN)/rollcall demo $(if $(ONCE),--once)

bench: .venv/.ready-dev  ## measure how fast it is
	$(BIN)/python -m tests.bench.run

properties: .venv/.ready-dev  ## try much harder to break the laws that the tests state
	$(BIN)/pytest -m property --hypothesis-profile=thorough --numprocesses auto $(ARGS)

storm: .venv/.ready-dev  ## play 20,000 random schedules of people and faults against the promise of no false change
	$(BIN)/pytest tests/stories/test_no_false_change.py --hypothesis-profile=thorough --numprocesses auto $(ARGS)

kills: .venv/.ready-dev  ## kill -9 at every commit and every outgoing call of every story, not only the first and the last time
	$(BIN)/pytest tests/crashes --hypothesis-profile=thorough $(ARGS)

mutate: .venv/.ready-mutate  ## break the rules in thousands of ways and count what the tests notice (up to an hour)
	rm -rf mutants
	$(BIN)/mutmut run $(ARGS)
	$(BIN)/python -m scripts.count_mutants

pictures: .venv/.ready-dev  ## take the documentation's pictures, to be looked at before they are committed (ARGS=views or ARGS=demo for some)
	$(BIN)/python -m scripts.make_pictures $(ARGS)

system:  ## install what wheels can't bring (as root, with apt)
	apt-get update -qq
	DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-wqy-microhei poppler-utils \
		acl attr krb5-user ldap-utils ldb-tools python3-samba samba samba-ad-dc samba-ad-provision samba-dsdb-modules \
		samba-vfs-modules slapd winbind

image:  ## build the container image rollcall:latest, with docker, podman or buildah
	scripts/build_image.sh

image-check:  ## build it without a registry and use it on a read-only root (as root, on Debian; some three minutes)
	scripts/check_image.sh

lock: $(UV)  ## pin the newest allowed versions and their hashes in requirements*.txt
	$(LOCK) --upgrade --group tools --output-file requirements-tools.txt
	$(LOCK) --upgrade --extra demo pyproject.toml --output-file requirements.txt
	$(LOCK) --upgrade --extra demo --group dev --constraints requirements.txt pyproject.toml \
		--output-file requirements-dev.txt
	$(LOCK) --upgrade --group mutate --constraints requirements-dev.txt --output-file requirements-mutate.txt

clean:  ## remove what make and the tools have put here
	rm -rf .tools .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build dist mutants

$(UV): requirements-tools.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Rollcall needs Python 3.11 or newer; this is " \
		+ sys.version.split()[0] + ". Name another one: make PYTHON=python3.12")'
	PIP_ROOT_USER_ACTION=ignore $(PYTHON) -m pip install --quiet --disable-pip-version-check --upgrade --target .tools --require-hashes \
		--requirement requirements-tools.txt
	@touch $@

$(BIN)/python: | $(UV)
	$(UV) venv --quiet --allow-existing --python $(PYTHON) --no-python-downloads .venv

# What the bot and the demo need, and nothing for developers.
.venv/.ready: requirements.txt requirements-tools.txt pyproject.toml | $(UV) $(BIN)/python
	$(INSTALL) --require-hashes --requirement requirements.txt
	$(INSTALL_ROLLCALL)
	@touch $@

.venv/.ready-dev: requirements-dev.txt .venv/.ready
	$(INSTALL) --require-hashes --requirement requirements-dev.txt
	@touch $@

# Constrained to what developers have, so that it adds to their environment and changes nothing in it.
.venv/.ready-mutate: requirements-mutate.txt .venv/.ready-dev
	$(INSTALL) --require-hashes --requirement requirements-mutate.txt
	@touch $@
