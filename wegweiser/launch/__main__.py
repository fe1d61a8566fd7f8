"""``python -m wegweiser.launch``: what ``make run`` does once the environment is installed."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from wegweiser.launch.checks import Refusal, check_machine
from wegweiser.launch.env_file import ensure_env_file
from wegweiser.launch.prepare import (
    check_tables,
    ensure_encoder,
    ensure_model,
    first_counsellor,
    migrate,
    say,
    trained_model,
)
from wegweiser.launch.processes import NAMES, healthy, processes, run_all, webhook
from wegweiser.settings import Settings, SettingsError, settings


def main(arguments: list[str] | None = None) -> int:
    """Prepare what is missing and run until Ctrl-C; ``--prepare-only`` stops before running."""
    parser = argparse.ArgumentParser(prog="make run", description=__doc__)
    parser.add_argument("--prepare-only", action="store_true", help="prepare, do not start")
    parser.add_argument(
        "--only",
        nargs="+",
        choices=NAMES,
        metavar="PROCESS",
        help=f"start only these ({', '.join(NAMES)}), prepared before, beside others on PostgreSQL",
    )
    options = parser.parse_args(arguments)
    try:
        if options.only:
            return _start_more(options.only)
        ensure_env_file()
        own = settings()
        names = _to_start(own)
        check_machine(own, ports=() if options.prepare_only else names)
        with ThreadPoolExecutor(1) as beside:  # neither waits for what the other does
            tables = beside.submit(migrate)
            ensure_encoder()
            model = ensure_model()
            tables.result()
        if options.prepare_only:
            return 0
        wanted = [one for one in processes(own, model) if one.name in names]
        return run_all(own, wanted, first_counsellor())
    except (Refusal, SettingsError) as refusal:
        print(f"\nWegweiser cannot start. {refusal}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _to_start(own: Settings) -> list[str]:
    """All, but for a webhook's process that is not needed, or was started by itself."""
    names = list(NAMES)
    if not own.telegram_by_webhook:
        names.remove("webhook")
    elif healthy(webhook(own).health):
        say("The webhook's process runs already and goes on")
        names.remove("webhook")
    return names


def _start_more(names: Sequence[str]) -> int:
    """Start some of the processes beside others that run already; nothing is prepared."""
    own = settings()
    check_machine(own, ports=names)
    if "webhook" in names and not own.telegram_by_webhook:
        raise Refusal("Without TELEGRAM_WEBHOOK_URL and TELEGRAM_BOT_TOKEN in .env the bot polls.")
    if "sqlite" in own.database_url and set(names) != {"webhook"}:
        raise Refusal("Several bots or desks need PostgreSQL; set DATABASE_URL in .env.")
    # The webhook's process needs none: it goes on while the assistant is trained.
    model = Path() if set(names) == {"webhook"} else trained_model()
    check_tables()
    wanted = [one for one in processes(own, model) if one.name in names]
    return run_all(own, wanted, None)


if __name__ == "__main__":
    sys.exit(main())
