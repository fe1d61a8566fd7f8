"""Which canton or Land a place on a map lies in, and which are near: by the nearest towns.

Good to a few kilometres, which is enough to name an office and too little to say where somebody
lives. ``content/places/towns.csv`` has the towns and their source.
"""

from __future__ import annotations

import csv
import math
from functools import lru_cache

from wegweiser.settings import ROOT

TOWNS = ROOT / "content" / "places" / "towns.csv"
ELSEWHERE = "elsewhere"
FARTHEST_KM = 60.0
"""No place in the two countries is farther from a town; out at sea there is none."""
KM_PER_DEGREE = 111.2
NEAR = 8


def nearest(latitude: float, longitude: float) -> tuple[str, ...]:
    """Where a place lies ("CH-ZH"; "elsewhere" if in neither country), then the regions near it.

    The regions are of the same country, the nearest first, eight at most.

    >>> nearest(47.37, 8.54)[:2]
    ('CH-ZH', 'CH-AG')
    >>> nearest(47.16, 9.51)
    ('elsewhere',)
    """
    if not (abs(latitude) <= 90 and abs(longitude) <= 180):  # also what is not a number
        return (ELSEWHERE,)
    distance: dict[str, float] = {}
    for region, north, east in _towns():
        km = math.hypot(
            (north - latitude) * KM_PER_DEGREE,
            (east - longitude) * KM_PER_DEGREE * math.cos(math.radians(latitude)),
        )
        distance[region] = min(km, distance.get(region, km))
    here = min(distance, key=lambda region: distance[region])
    if "-" not in here or distance[here] > FARTHEST_KM:
        return (ELSEWHERE,)
    country = here.partition("-")[0]
    others = [one for one in distance if one.startswith(f"{country}-") and one != here]
    return (here, *sorted(others, key=lambda region: distance[region])[:NEAR])


@lru_cache(maxsize=1)
def _towns() -> tuple[tuple[str, float, float], ...]:
    lines = TOWNS.read_text("utf-8").splitlines()
    rows = csv.reader(line for line in lines if not line.startswith("#"))
    return tuple((region, float(north), float(east)) for region, north, east in rows)
