#!/bin/sh
# `make test`: style, preparation, types, content, then all tests. Stops at the first that fails.
set -eu
# Where it is set, each of the many processes compiles all of Rasa again: a minute on a busy machine.
unset PYTHONDONTWRITEBYTECODE
export RASA_TELEMETRY_ENABLED=false SQLALCHEMY_SILENCE_UBER_WARNING=1 TF_CPP_MIN_LOG_LEVEL=3
.venv/bin/ruff format --check .
.venv/bin/ruff check .
# Makes .env when there is none, without which Django, and so mypy, has no settings.
.venv/bin/python -m wegweiser.launch --prepare-only
.venv/bin/mypy
.venv/bin/python -m wegweiser.check
# Three processes on two cores, since much of it is waiting; which test goes where: tests/conftest.py.
exec .venv/bin/python -m pytest -n 3 "$@"
