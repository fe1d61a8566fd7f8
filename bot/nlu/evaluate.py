"""`make evaluate`: how well the assistant understands sentences that it has never seen.

Trains on data/nlu if needed, reads tests/nlu/<language>.yml, prints tables, writes
var/evaluation.json and var/evaluation.html, and compares with tests/nlu/baseline.json: exit status
1 when a language fell by more than two points in any measure, with the sentences to blame, or
cannot be compared. Needs no network.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from typing import Any

from bot.nlu import build
from bot.nlu.evaluate_figures import Figures, as_json, figures
from bot.nlu.evaluate_guard import falls
from bot.nlu.evaluate_measures import Parses
from bot.nlu.evaluate_sets import HeldOut, HeldOutError, read_all
from bot.nlu.evaluate_terminal import print_mistakes, print_result
from bot.nlu.paths import BASELINE, EVALUATION, EVALUATION_PAGE
from wegweiser.checks.held_out import trained
from wegweiser.texts import all_languages


def main(arguments: list[str] | None = None) -> int:
    """Evaluate; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("languages", nargs="*", help="only these (en de ...)")
    parser.add_argument("--update-baseline", action="store_true", help="this is the new standard")
    parser.add_argument("--mistakes", action="store_true", help="list every misunderstood sentence")
    options = parser.parse_args(arguments)
    try:
        sets = read_all(only=options.languages or None)
    except HeldOutError as error:
        print(error, file=sys.stderr)
        return 2
    if build.main() != 0:
        return 2
    parses = _parse(sets)
    result = {language: figures(one) for language, one in parses.items()}
    before: dict[str, Any] = json.loads(BASELINE.read_text()) if BASELINE.exists() else {}
    print_result(result, before)
    if options.mistakes:
        print_mistakes(parses)
    _write(result, parses, before)
    if options.update_baseline:
        _update_baseline(result, before)
        return 0
    wanted = options.languages or [language.code for language in all_languages()]
    complaints = falls(result, before, parses, wanted)
    print("\n".join(complaints) if complaints else "No language fell by more than two points.")
    return 1 if complaints else 0


def _parse(sets: list[HeldOut]) -> dict[str, Parses]:
    # Rasa takes seconds to import; `--help` and mistakes in the files come first.
    from bot.nlu.evaluate_model import Reader, ensure_model

    reader = Reader(ensure_model())
    learned = trained()
    parses = {}
    for held_out in sets:
        print(f"reading {held_out.language}: {len(held_out.sentences)} sentences", flush=True)
        parses[held_out.language] = Parses(
            [(s, reader.parse(s.text)) for s in held_out.sentences],
            [(line, reader.parse(line.text)) for line in held_out.places],
            [(line, reader.parse(line.text)) for line in held_out.languages],
            [(line, reader.parse(line.text)) for line in held_out.two],
            learned,
        )
    return parses


def _write(
    result: Mapping[str, Figures], parses: Mapping[str, Parses], before: Mapping[str, Any]
) -> None:
    # matplotlib takes a second to import.
    from bot.nlu.evaluate_page import page

    EVALUATION.parent.mkdir(parents=True, exist_ok=True)
    EVALUATION.write_text(json.dumps(as_json(result), indent=1) + "\n")
    EVALUATION_PAGE.write_text(page(result, parses, before), encoding="utf-8")
    print(f"Written: {EVALUATION} and {EVALUATION_PAGE}")


def _update_baseline(result: Mapping[str, Figures], before: Mapping[str, Any]) -> None:
    """Times are of one machine and one day: they do not belong into git."""
    kept = as_json(result)
    for value in kept.values():
        del value["p50_ms"], value["p95_ms"]
    BASELINE.write_text(json.dumps({**before, **kept}, indent=1, sort_keys=True) + "\n")
    print(f"Written: {BASELINE}")


if __name__ == "__main__":
    sys.exit(main())
