"""No language may become worse: what fell since the last committed result, and who is to blame."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from bot.nlu.evaluate_figures import Figures
from bot.nlu.evaluate_measures import MEASURES, Measure, Parses

LARGEST_FALL = 0.02
FEWEST = 2
"""Sentences or names that make a fall. Where less than fifty are counted, one alone is more than
LARGEST_FALL: of 20 lines of a language it is 5 points."""
ONE_IS_ENOUGH = frozenset({"danger_recall"})
"""A danger that was noticed before and is missed now is never a small matter."""

_REMEDY = "Run `make evaluate` and commit its result: python -m bot.nlu.evaluate --update-baseline"
_ROUNDING = 1e-9


def falls(
    now: Mapping[str, Figures],
    before: Mapping[str, Mapping[str, Any]],
    parses: Mapping[str, Parses],
    wanted: Iterable[str],
) -> list[str]:
    """What got worse since `before`, with the guilty sentences; and what cannot be compared.

    Every language in `wanted` needs a result and an earlier one: a file that is gone, or that was
    never measured, would otherwise pass in silence.
    """
    complaints = []
    for language in sorted({*wanted, *now}):
        if language not in now:
            complaints.append(f"{language}: no held-out sentences. Write tests/nlu/{language}.yml.")
        elif not before.get(language):
            complaints.append(f"{language}: not in tests/nlu/baseline.json. {_REMEDY}")
        else:
            complaints += _of_language(language, now[language], before[language], parses[language])
    return complaints


def _of_language(
    language: str, now: Figures, before: Mapping[str, Any], parses: Parses
) -> list[str]:
    complaints = []
    for name, measure in MEASURES.items():
        if name not in before:
            complaints.append(f"{language}: {name} is not in tests/nlu/baseline.json. {_REMEDY}")
            continue
        was, is_now = before[name], getattr(now, name)
        if was is None:
            continue
        if is_now is None:
            complaints.append(
                f"{language}: {name} was {was:.3f}, and nothing in tests/nlu/{language}.yml "
                "measures it any more. Put its lines back."
            )
        elif _fell(measure, was, is_now, now.cases[name], 1 if name in ONE_IS_ENOUGH else FEWEST):
            verb = "fell" if measure.more_is_better else "rose"
            complaints.append(f"{language}: {name} {verb} from {was:.3f} to {is_now:.3f}.")
            known = set(before.get("mistakes", {}).get(name, ()))
            guilty = [case.told for case in measure.mistakes(parses) if case.mark not in known]
            complaints += [f"    {told}" for told in dict.fromkeys(guilty)]
    return complaints


def _fell(measure: Measure, was: float, is_now: float, cases: int, fewest: int) -> bool:
    worse = was - is_now if measure.more_is_better else is_now - was
    return worse > LARGEST_FALL + _ROUNDING and round(worse * cases) >= fewest
