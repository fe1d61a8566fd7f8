"""Tests of what PostgreSQL alone can do; ``tests/test_on_postgres.py`` runs them."""

from __future__ import annotations

import os

if not os.environ["DATABASE_URL"].startswith("postgres"):
    collect_ignore_glob = ["test_*.py"]
