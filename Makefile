# Works with an empty environment too: a fresh container or a cron job sets neither PATH nor HOME nor a
# locale, and a service account's home may not exist.
SHELL := /bin/sh
export PATH := $(or $(PATH),/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin)
export HOME := $(shell for home in "$$HOME" "`getent passwd \`id -u\` | cut -d: -f6`"; do \
	[ -n "$$home" ] && [ -w "$$home" ] && echo "$$home" && exit; done; mkdir -p var/home && echo "$$PWD/var/home")
export LC_ALL := C.UTF-8
export PYTHONUTF8 := 1

PYTHON ?= python3
PY := .venv/bin/python
LOCAL := $(PY) -m cooperation_portal.local
LOCK := UV_SYSTEM_CERTS=1 .venv/bin/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-header \
	--no-emit-index-url --no-emit-find-links pyproject.toml

.DEFAULT_GOAL := help
.PHONY: help setup setup-test run manage reset test check bench quality train lock

help:
	@echo 'make run     the portal with sample data on http://localhost:8000; PORT=8001 takes another port'
	@echo 'make test    all tests; ARGS="tests/local -x" goes to pytest'
	@echo 'make check   linters, types, import layers, templates, deployment settings, migrations, translations'
	@echo 'make bench   measures speed; ARGS="matching scoring" measures parts'
	@echo 'make quality measures the matching and writes matching/QUALITY.md; ARGS=FILE measures a benchmark file'
	@echo 'make train   learns the matching from the practice topics anew'
	@echo 'make manage  a management command in the running portal: make manage ARGS="shell"'
	@echo 'make reset   stops the portal of this checkout and deletes its data'
	@echo 'make setup   only what run needs; run does it by itself'
	@echo 'make lock    writes the lock files anew from pyproject.toml; ARGS="--upgrade" takes newer versions'

setup:
	@$(PYTHON) cooperation_portal/local/prepare.py

setup-test:
	@$(PYTHON) cooperation_portal/local/prepare.py --test

run: setup
	@exec $(LOCAL) run --follow-parent

manage: setup
	@exec $(LOCAL) exec -- $(PY) manage.py $(ARGS)

reset: setup
	@exec $(LOCAL) reset

test: setup-test
	@exec env PORTAL_MODE=test $(PY) -m pytest $(ARGS)

check: setup-test
	@exec $(LOCAL) check

bench: setup-test
	@exec $(LOCAL) test-servers -- $(PY) -m tests.bench $(ARGS)

# One thread: figures that differ in the last bit on another machine would rewrite the page.
quality: setup-test
	@exec env OPENBLAS_NUM_THREADS=1 $(PY) -m matching.training.quality --outbound tests/matching/data/outbound.jsonl \
		--unanswered tests/matching/data/nothing_suitable.jsonl $(ARGS)

train: setup-test
	@$(PY) -m matching.training.train $(ARGS)

# Each lock file keeps the versions of the one before it.
lock: setup-test
	$(LOCK) $(ARGS) -o requirements.lock
	$(LOCK) $(ARGS) --extra local -c requirements.lock -o requirements-local.lock
	$(LOCK) $(ARGS) --extra local --extra test -c requirements-local.lock -o requirements-test.lock
	@! grep -nE '://|^--(extra-)?index|^--find-links' requirements*.lock
