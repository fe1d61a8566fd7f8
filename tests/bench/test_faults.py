"""The books of ``make faults``: it must see what it is there to see."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import pytest

from bench.faults.ledger import Arrived, Count, Row, count
from wegweiser.settings import ROOT

SAID = {"7": ["tg:1", "tg:2"]}


def asked(number: int, state: str = "done") -> Row:
    return Row(number, "7", False, f"tg:{number}", str(number), state)


def answer(number: int, state: str = "sent", to: int | None = None, text: str = "") -> Row:
    to = to or number - 10
    external = f"m{number}" if state == "sent" else ""
    return Row(number, "7", True, f"{to}:0", text or f"echo {to}", state, to, external)


def arrived(*rows: Row) -> list[Arrived]:
    return [Arrived(row.external_id or "m99", row.text) for row in rows]


BOTH = [asked(1), asked(2), answer(11), answer(12)]


def look(rows: list[Row], reached: list[Row]) -> Count:
    return count(SAID, rows, {"7": arrived(*reached)})


def test_all_is_well() -> None:
    found = look(BOTH, [answer(11), answer(12)])
    assert found.is_good
    assert (found.said, found.answers, found.once) == (2, 2, 2)


@pytest.mark.parametrize(
    ("rows", "reached", "what"),
    [
        (BOTH, [answer(11)], "lost"),
        ([asked(1), asked(2), answer(11)], [answer(11)], "lost"),
        ([asked(1), answer(11)], [answer(11)], "lost"),
        ([asked(1), asked(2, "waiting"), answer(11), answer(12, "waiting")], [answer(11)], "lost"),
        (BOTH, [answer(11), answer(11), answer(12)], "doubled"),
        ([*BOTH, answer(13, to=2)], [answer(11), answer(12), answer(13, to=2)], "doubled"),
        (BOTH, [answer(12), answer(11)], "out_of_order"),
        (
            [asked(1), asked(2), answer(11, to=2), answer(12, to=1)],
            [answer(11, to=2), answer(12, to=1)],
            "out_of_order",
        ),
    ],
)
def test_what_went_wrong_is_seen(rows: list[Row], reached: list[Row], what: str) -> None:
    found = look(rows, reached)
    assert not found.is_good
    assert getattr(found, what)


def test_in_doubt_is_marked_whether_it_arrived_or_not() -> None:
    doubtful = answer(12, "unknown")
    rows = [asked(1), asked(2), answer(11), doubtful]
    came, stayed = look(rows, [answer(11), doubtful]), look(rows, [answer(11)])
    assert (came.is_good, came.perhaps_arrived, came.perhaps_lost) == (True, 1, 0)
    assert (stayed.is_good, stayed.perhaps_arrived, stayed.perhaps_lost) == (True, 0, 1)
    assert not look(rows, [answer(11), doubtful, doubtful]).is_good


def test_doubled_with_a_mark_is_no_surprise() -> None:
    marked = replace(answer(12), error="perhaps twice (502)")
    before = replace(marked, external_id="m98")
    rows = [asked(1), asked(2), answer(11), marked]
    found = look(rows, [answer(11), before, marked])
    assert (found.is_good, found.once, found.marked_twice) == (True, 2, 1)
    assert not look(rows, [answer(11), before, before, marked]).is_good


@pytest.mark.parametrize("receiving", [[], ["--webhook"]], ids=["polling", "webhook"])
def test_four_kills_lose_and_double_nothing(
    receiving: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """The short version; ``make faults`` kills two hundred times."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.faults", "--kills", "4", "--minutes", "1", *receiving],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=900,
    )
    with capsys.disabled():
        print("\n" + done.stdout[-1500:])  # noqa: T201 - figures that the test is asked for
    assert done.returncode == 0, done.stderr[-3000:]
    assert "kill -9                  4 " in done.stdout
