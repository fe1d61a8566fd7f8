"""``python -m bench.rules``: the rules base over random households - speed, and never an exception.

The households are drawn with a seed: from nothing known to everything known, every value a fact
can have. One household is timed as the command line answers it: all programmes, with reasons.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from bench.figures import quantile
from programmes import FACTS, check, load
from programmes.codes import COUNTRIES
from programmes.facts import FactSpec

DAY = date(2026, 11, 22)
SEED = 20261122
WARM_UP = 1000
# Every tenth household is checked on another day, on which other rules and amounts are in force.
OTHER_DAYS = (
    date(2019, 3, 1),
    date(2022, 10, 1),
    date(2023, 12, 31),
    date(2025, 1, 12),
    date(2025, 6, 30),
    date(2028, 1, 1),
)


def value(spec: FactSpec, draw: random.Random) -> object:
    """A value that a fact can have."""
    if spec.kind == "choice":
        return draw.choice(spec.choices)
    if spec.kind == "country":
        return draw.choice(_COUNTRIES)
    if spec.kind == "flag":
        return draw.random() < 0.5
    if spec.kind == "count":
        return draw.randint(0, 9) if spec.name in ("adults", "minors") else draw.randint(0, 150)
    return (DAY + timedelta(days=draw.randint(-400, 200))).isoformat()


def households(count: int, seed: int) -> Iterator[tuple[Mapping[str, object], date]]:
    """Random households with the day on which each is checked."""
    draw = random.Random(seed)
    for number in range(count):
        known = draw.random()
        facts = {name: value(spec, draw) for name, spec in FACTS.items() if draw.random() < known}
        if "nationality" in facts and draw.random() < 0.7:
            facts["destination"] = facts["nationality"]  # most people go home
        if facts.get("adults") == 0 and facts.get("minors") == 0:
            facts["adults"] = 1
        yield facts, draw.choice(OTHER_DAYS) if number % 10 == 9 else DAY


_COUNTRIES = sorted(COUNTRIES)


def main() -> int:
    """Print the figures as a table."""
    parser = argparse.ArgumentParser(prog="python -m bench.rules", description=__doc__)
    parser.add_argument("--count", type=int, default=100_000, help="how many households (100000)")
    parser.add_argument("--seed", type=int, default=SEED)
    options = parser.parse_args()
    catalogue = load()
    for facts, day in households(WARM_UP, options.seed + 1):
        check(catalogue, facts, day)
    taken: list[float] = []
    worked: list[float] = []
    verdicts = {"yes": 0, "no": 0, "unknown": 0}
    for facts, day in households(options.count, options.seed):
        started, working = time.perf_counter(), time.process_time()
        answer = check(catalogue, facts, day)
        taken.append(time.perf_counter() - started)
        worked.append(time.process_time() - working)
        for entry in answer["programmes"]:
            verdicts[entry["verdict"]] += 1
    print(f"{options.count:,} random households, seed {options.seed}, no exception")
    print("one household, all programmes with reasons, ms")
    for name, times in (("by the clock", taken), ("of the processor", worked)):
        shares = " ".join(
            f"p{s * 100:g} {quantile(times, s) * 1000:6.2f}" for s in (0.5, 0.9, 0.99)
        )
        print(f"  {name:<17} {shares}  worst {max(times) * 1000:6.2f}")
    print(f"throughput {len(taken) / sum(taken):.0f} households a second, one process")
    print("verdicts: " + ", ".join(f"{word} {number:,}" for word, number in verdicts.items()))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
