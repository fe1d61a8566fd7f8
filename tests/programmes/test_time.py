"""What a day does: amounts begin, change and end, and values grow stale."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from programmes import Catalogue, check, load
from programmes.describe import due_lines, list_lines
from tests.programmes.conftest import RULES

AMINA = {
    "host_country": "CH",
    "nationality": "DZ",
    "destination": "DZ",
    "status": "asylum_pending",
    "place": "federal_centre",
    "adults": 1,
    "minors": 1,
    "received_before": False,
    "special_need": False,
    "medical_need": False,
}


@pytest.fixture
def changing(tmp_path: Path) -> Catalogue:
    """The rules base with start money from a centre that falls in 2027 and ends in 2028."""
    folder = tmp_path / "programmes"
    shutil.copytree(RULES, folder)
    file = folder / "ch" / "raz.yml"
    text = file.read_text()
    for old, lower in (("adult: {2019-03-01: 1000", 800), ("minor: {2019-03-01: 500", 400)):
        assert text.count(old) == 1
        text = text.replace(old, f"{old}, 2027-01-01: {lower}, 2028-01-01: null")
    file.write_text(text)
    return load(folder)


def start_money(catalogue: Catalogue, on: date) -> dict[str, Any] | None:
    """The start money that Amina could have from a centre."""
    answer = check(catalogue, AMINA, on)
    found = next(entry for entry in answer["programmes"] if entry["id"] == "ch.raz")
    return next((paid for paid in found["benefits"] if paid["kind"] == "start_money"), None)


@pytest.mark.parametrize(
    ("day", "most"),
    [
        (date(2026, 12, 31), 1500),
        (date(2027, 1, 1), 1200),
        (date(2027, 12, 31), 1200),
        (date(2028, 1, 1), None),
    ],
)
def test_amount_changes_on_its_day_and_is_not_shown_after_its_end(
    changing: Catalogue, day: date, most: int | None
) -> None:
    paid = start_money(changing, day)
    assert (paid and paid["up_to"]["amount"]) == most


def test_figure_of_a_text_is_gone_after_its_end(changing: Catalogue) -> None:
    assert changing.figure("ch.raz.start_money.adult", date(2027, 6, 1)).money.amount == 800
    with pytest.raises(KeyError):
        changing.figure("ch.raz.start_money.adult", date(2028, 1, 1))


def test_changes_to_come_are_announced(changing: Catalogue) -> None:
    lines = "\n".join(list_lines(changing, date(2026, 11, 22)))
    assert "coming: start_money regular adult: 800 from 2027-01-01" in lines
    assert "coming: start_money regular adult: no longer paid from 2028-01-01" in lines


@pytest.mark.parametrize(("day", "stale"), [(date(2027, 5, 31), False), (date(2027, 6, 1), True)])
def test_values_and_reasons_past_their_review_say_so(
    catalogue: Catalogue, day: date, stale: bool
) -> None:
    paid = start_money(catalogue, day)
    assert paid is not None
    assert ("not_checked_since" in paid) is stale
    entry = next(e for e in check(catalogue, AMINA, day)["programmes"] if e["id"] == "ch.raz")
    assert all(("not_checked_since" in reason) is stale for reason in entry["reasons"])


def test_editors_are_warned_thirty_days_ahead(catalogue: Catalogue) -> None:
    assert any("ch.raz" in line for line in due_lines(catalogue, date(2027, 5, 31)))
    assert not any("ch.raz" in line for line in due_lines(catalogue, date(2027, 5, 30)))
