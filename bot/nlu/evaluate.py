"""`make evaluate`: how well the assistant understands sentences that it has never seen.

Trains on data/nlu if needed, reads tests/nlu/<language>.yml, prints a table, writes
var/evaluation.json and var/evaluation.html, and compares with tests/nlu/baseline.json: exit status
1 when a language fell by more than two points, with the sentences to blame. Needs no network.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
from typing import Any

from bot.nlu import build
from bot.nlu.evaluate_figures import (
    Figures,
    Placed,
    Spoken,
    Understood,
    as_json,
    falls,
    figures,
    names_mistakes,
)
from bot.nlu.evaluate_sets import HeldOut, HeldOutError, read_all
from bot.nlu.evaluate_stock import beside_stock
from bot.nlu.paths import BASELINE, EVALUATION, EVALUATION_PAGE, STOCK_RESULT

_COLUMNS = (
    ("accuracy", "accuracy"),
    ("out_of_scope_recall", "o.o.s."),
    ("in_scope_refused", "refused"),
    ("danger_recall", "danger"),
    ("danger_false_alarms", "alarms"),
    ("right_when_sure", "sure"),
    ("country_recall", "ctry rec"),
    ("country_precision", "ctry prec"),
    ("other_names_recall", "other rec"),
    ("language_right", "language"),
    ("p50_ms", "p50 ms"),
    ("p95_ms", "p95 ms"),
)


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
    understood, places, spoken = _parse(sets)
    result = {
        held_out.language: figures(
            understood[held_out.language], places[held_out.language], spoken[held_out.language]
        )
        for held_out in sets
    }
    _print_table(result)
    _print_stock(result)
    if options.mistakes:
        _print_mistakes(understood)
        _print_names_mistakes(places, spoken)
    before = json.loads(BASELINE.read_text()) if BASELINE.exists() else {}
    _write(result, understood, before)
    if options.update_baseline:
        _update_baseline(result)
        return 0
    complaints = falls(result, before, understood)
    print("\n".join(complaints) if complaints else "No language fell by more than two points.")
    return 1 if complaints else 0


def _parse(
    sets: list[HeldOut],
) -> tuple[dict[str, Understood], dict[str, Placed], dict[str, Spoken]]:
    # Rasa takes seconds to import; `--help` and mistakes in the files come first.
    from bot.nlu.evaluate_model import Reader, ensure_model

    reader = Reader(ensure_model())
    understood: dict[str, Understood] = {}
    places: dict[str, Placed] = {}
    spoken: dict[str, Spoken] = {}
    for held_out in sets:
        print(f"reading {held_out.language}: {len(held_out.sentences)} sentences", flush=True)
        code = held_out.language
        understood[code] = [(s, reader.parse(s.text)) for s in held_out.sentences]
        places[code] = [(line, reader.parse(line.text)) for line in held_out.places]
        spoken[code] = [(line, reader.parse(line.text)) for line in held_out.languages]
    return understood, places, spoken


def _print_table(result: dict[str, Figures]) -> None:
    print("\n" + "lang".ljust(6) + "".join(title.rjust(10) for _, title in _COLUMNS))
    for language, value in result.items():
        cells = (_cell(getattr(value, name)) for name, _ in _COLUMNS)
        print(language.ljust(6) + "".join(cell.rjust(10) for cell in cells))
    for title, pick in (("mean", statistics.fmean), ("least", min), ("most", max)):
        told = [[getattr(value, name) for value in result.values()] for name, _ in _COLUMNS]
        known = [[value for value in values if value is not None] for values in told]
        cells = (_cell(pick(values) if values else None) for values in known)
        print(title.ljust(6) + "".join(cell.rjust(10) for cell in cells))
    styles = sorted({style for value in result.values() for style in value.by_style})
    print("\n" + "style".ljust(6) + "".join(style.rjust(10) for style in styles))
    for language, value in result.items():
        cells = (_cell(value.by_style.get(style)) for style in styles)
        print(language.ljust(6) + "".join(cell.rjust(10) for cell in cells))
    means = (
        _cell(statistics.fmean(value.by_style[style] for value in spoken))
        for style in styles
        if (spoken := [value for value in result.values() if style in value.by_style])
    )
    print("mean".ljust(6) + "".join(cell.rjust(10) for cell in means) + "\n")


def _print_stock(result: dict[str, Figures]) -> None:
    head, *rows = beside_stock(result, STOCK_RESULT)
    for row in [head, *rows]:
        print("".join(cell.ljust(10) if at == 0 else cell.rjust(24) for at, cell in enumerate(row)))
    print()


def _cell(value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:.1f}" if value > 1 else f"{value:.3f}"


def _print_mistakes(understood: dict[str, Understood]) -> None:
    for language, sentences in understood.items():
        for sentence, parsed in sentences:
            if sentence.intent != parsed.intent:
                print(
                    f"{language} {sentence.style} {sentence.intent} -> {parsed.intent} "
                    f"({parsed.likeliest}, {parsed.confidence:.2f}): {sentence.text}"
                )


def _print_names_mistakes(places: dict[str, Placed], spoken: dict[str, Spoken]) -> None:
    for lines in places.values():
        print("\n".join(names_mistakes(lines)))
    for pairs in spoken.values():
        for line, parsed in pairs:
            if line.language != parsed.language:
                print(f"language {line.language} -> {parsed.language}: {line.text}")


def _write(
    result: dict[str, Figures], understood: dict[str, Understood], before: dict[str, Any]
) -> None:
    from bot.nlu.evaluate_page import page

    EVALUATION.parent.mkdir(parents=True, exist_ok=True)
    EVALUATION.write_text(json.dumps(as_json(result), indent=1) + "\n")
    EVALUATION_PAGE.write_text(page(result, understood, before), encoding="utf-8")
    print(f"Written: {EVALUATION} and {EVALUATION_PAGE}")


def _update_baseline(result: dict[str, Figures]) -> None:
    """Times are of one machine and one day: they do not belong into git."""
    before = json.loads(BASELINE.read_text()) if BASELINE.exists() else {}
    kept = as_json(result)
    for value in kept.values():
        del value["p50_ms"], value["p95_ms"]
    BASELINE.write_text(json.dumps({**before, **kept}, indent=1, sort_keys=True) + "\n")
    print(f"Written: {BASELINE}")


if __name__ == "__main__":
    sys.exit(main())
