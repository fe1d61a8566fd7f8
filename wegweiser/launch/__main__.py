"""``python -m wegweiser.launch``: what ``make run`` does once the environment is installed."""

from __future__ import annotations

import argparse
import sys

from wegweiser.launch.checks import Refusal, check_machine
from wegweiser.launch.env_file import ensure_env_file
from wegweiser.launch.prepare import ensure_encoder, ensure_model, first_counsellor, migrate
from wegweiser.launch.processes import run_all
from wegweiser.settings import SettingsError, settings


def main(arguments: list[str] | None = None) -> int:
    """Prepare what is missing and run until Ctrl-C; ``--prepare-only`` stops before running."""
    parser = argparse.ArgumentParser(prog="make run", description=__doc__)
    parser.add_argument("--prepare-only", action="store_true", help="prepare, do not start")
    options = parser.parse_args(arguments)
    try:
        ensure_env_file()
        own = settings()
        check_machine(own, ports=not options.prepare_only)
        migrate()
        ensure_encoder()
        model = ensure_model()
        if options.prepare_only:
            return 0
        return run_all(own, model, first_counsellor())
    except (Refusal, SettingsError) as refusal:
        print(f"\nWegweiser cannot start. {refusal}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
