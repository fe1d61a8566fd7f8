"""``python -m bench.desk``: the desk with 100,000 requests, on SQLite and on PostgreSQL.

Per database: how long the list, each filter, searches and the supervisor's pages take and how many
queries they need; then 50 counsellors with the list open, and how soon a message is on a screen.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from bench.figures import quantile

TIMES = 40
TABS = ("waiting", "mine", "team", "all", "closed")


def main() -> int:
    """Print the figures as tables."""
    parser = argparse.ArgumentParser(prog="python -m bench.desk", description=__doc__)
    parser.add_argument("--requests", type=int, default=100_000, help="how many (100000)")
    parser.add_argument("--database", choices=("sqlite", "postgresql", "both"), default="both")
    parser.add_argument("--seconds", type=int, default=60, help="of the 50 open lists (60)")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.inside:
        return _inside(options.requests, options.seconds)
    wanted = ("sqlite", "postgresql") if options.database == "both" else (options.database,)
    return max(_outside(name, options) for name in wanted)


def _outside(database: str, options: argparse.Namespace) -> int:
    """One database of its own, with settings of its own, in a process of its own."""
    from cryptography.fernet import Fernet

    from bench.postgres import postgresql

    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="wegweiser-bench-"))
        url = f"sqlite:///{Path(folder) / 'desk.db'}"
        if database == "postgresql":
            url = stack.enter_context(postgresql())
        environment = os.environ | {
            "DATABASE_URL": url,
            "DESK_URL": "",
            "SECRET_KEY": "bench-only-" + "x" * 40,
            "LOOKUP_KEY": "bench-only-" + "y" * 40,
            "FIELD_ENCRYPTION_KEYS": Fernet.generate_key().decode(),
            "DJANGO_SETTINGS_MODULE": "desk.django_settings",
            "PYTHONUNBUFFERED": "1",
            "PYTHONWARNINGS": "ignore",
        }
        print(f"\n{database}, {options.requests:,} requests")
        migrate = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
        subprocess.run(migrate, env=environment, check=True)
        again = [sys.executable, "-m", "bench.desk", "--inside"]
        again += ["--requests", str(options.requests), "--seconds", str(options.seconds)]
        return subprocess.run(again, env=environment, check=False).returncode


def _inside(number: int, seconds: int) -> int:
    import django

    django.setup()
    from django.conf import settings

    settings.ALLOWED_HOSTS.append("testserver")
    from bench.desk_fill import fill
    from bench.desk_live import measure_live

    started = time.monotonic()
    fill(number)
    print(f"filled in {time.monotonic() - started:.0f} s")
    _pages()
    measure_live(seconds)
    return 0


def _pages() -> None:
    from django.contrib.auth import get_user_model
    from django.test import Client
    from django.utils import timezone

    from bench.desk_fill import vocabulary
    from desk.models import InformationRequest

    counsellor, supervisor = Client(), Client()
    counsellors = get_user_model().objects
    counsellor.force_login(counsellors.get(username="c1"))
    supervisor.force_login(counsellors.get(username="c0"))
    words = vocabulary(2 * TIMES * 5)
    references = InformationRequest.objects.values_list("reference", flat=True)[:TIMES]
    lists: dict[str, list[dict[str, Any]]] = {
        **{f"tab {name}": [{"show": name}] for name in TABS},
        "last page of all": [{"show": "all", "page": "9999"}],
        "language": [{"show": "all", "language": "ti"}],
        "host country": [{"show": "all", "host": "DE"}],
        "country": [{"show": "all", "country": "ER"}],
        "rare country": [{"show": "all", "country": "FJ"}],
        "rare country, done": [{"show": "closed", "country": "FJ"}],
        "topic": [{"show": "all", "topic": "family"}],
        "state": [{"show": "all", "state": "with_country_office"}],
        "overdue": [{"show": "all", "overdue": "1"}],
        "new or changed": [{"show": "all", "changed": "1"}],
        "five filters": [{"show": "all", "language": "ti", "host": "CH", "country": "ER",
                          "topic": "family", "overdue": "1"}],
        "search: a word": [{"show": "all", "q": word} for word in words[: TIMES * 5]],
        "search: a word, done": [{"show": "closed", "q": word} for word in words[: TIMES * 5]],
        "search: two words": [
            {"show": "all", "q": f"{a} {b}"}
            for a, b in zip(words[: TIMES * 5], words[TIMES * 5 :], strict=True)
        ],
        "search: country and word": [
            {"show": "all", "q": f"Eritrea {word}"} for word in words[:TIMES]
        ],
        "search: reference": [{"show": "all", "q": one} for one in references],
    }  # fmt: skip
    print("milliseconds by the clock, and of our own processor time (the database server's not)")
    print(f"{'':26}{'p50':>8}{'p95':>8}{'cpu p50':>10}{'p95':>8}{'queries':>9}")
    for name, chosen in lists.items():
        _measure(name, counsellor, "/desk/list", chosen)
    _measure("whole page", counsellor, "/desk/", [{"show": "all"}])
    page = counsellor.get("/desk/").content.decode()
    seen = page.partition('data-seen="')[2].partition('"')[0]
    _measure("nothing new but messages", counsellor, "/desk/list", [{"seen": seen}])
    _measure("whole page, supervisor", supervisor, "/desk/", [{"show": "all"}])
    _measure("log", supervisor, "/desk/log", [{}])
    _measure("workload", supervisor, "/desk/workload", [{}])
    _measure("figures of 12 weeks", supervisor, "/desk/dashboard", [{}], times=5)
    year = {"first": f"{timezone.localdate():%Y}-01-01"}
    _measure("figures of a year", supervisor, "/desk/dashboard", [year], times=5)


def _measure(
    name: str, client: Any, address: str, chosen: list[dict[str, Any]], times: int = TIMES
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection):
        assert client.get(address, chosen[0]).status_code == 200
        number_of_queries = len(connection.queries_log)
    taken, worked = [], []
    for number in range(max(times, len(chosen))):
        started, working = time.perf_counter(), time.process_time()
        client.get(address, chosen[number % len(chosen)])
        taken.append((time.perf_counter() - started) * 1000)
        worked.append((time.process_time() - working) * 1000)
    p50, p95 = statistics.median(taken), quantile(taken, 0.95)
    half, most = statistics.median(worked), quantile(worked, 0.95)
    print(f"{name:26}{p50:8.0f}{p95:8.0f}{half:10.0f}{most:8.0f}{number_of_queries:9}")


if __name__ == "__main__":
    raise SystemExit(main())
