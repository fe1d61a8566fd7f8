"""The doors for the other parts: names, figures, questions, the command line."""

from __future__ import annotations

import io
import json
from datetime import date
from pathlib import Path

import pytest

from programmes import (
    FACTS,
    NEVER_ASKED,
    Catalogue,
    Facts,
    Money,
    assess,
    check,
    next_question,
)
from programmes.__main__ import main
from tests.programmes.conftest import QUESTIONS, RULES
from tests.programmes.sentences import all_cases

ON = date(2026, 11, 22)
DESIGNED = {
    "ch.rif",
    "ch.sim",
    "ch.ras",
    "ch.raz",
    "ch.individual",
    "ch.status_s",
    "ch.trafficking",
    "ch.travel_money",
    "ch.eurp",
    "de.reag_garp",
    "de.starthilfe_plus",
    "de.eurp",
    "de.ura",
    "de.bridge_albania",
    "de.zirf",
    "de.virtual_counselling",
    "de.ofr",
    "de.pme",
}
AFGHAN_IN_BERN = {
    "host_country": "CH",
    "nationality": "AF",
    "destination": "AF",
    "status": "asylum_rejected",
    "place": "canton",
    "adults": 2,
    "minors": 3,
    "received_before": False,
}


def test_every_programme_of_the_design_has_a_file(catalogue: Catalogue) -> None:
    assert {programme.id for programme in catalogue} == DESIGNED


def test_old_and_official_names_are_found(catalogue: Catalogue) -> None:
    names = catalogue.names()
    assert "REZ" in names["ch.raz"]
    assert "JRS" in names["de.eurp"]
    assert "REAG/GARP 2.0" in names["de.reag_garp"]


def test_figure_for_a_text(catalogue: Catalogue) -> None:
    figure = catalogue.figure("ch.individual.start_money.adult", ON)
    assert figure.money == Money(1000, "CHF")
    assert figure.as_of == "2025-07"
    assert figure.confidence == "S"
    assert catalogue.figure("ch.individual.project.special.household", ON).money.amount == 5000
    assert catalogue.figure("de.reag_garp.start_money.cap", ON).money == Money(4000, "EUR")


def test_unknown_figure_names_those_that_exist(catalogue: Catalogue) -> None:
    with pytest.raises(KeyError, match=r"Figures of ch\.raz: ch\.raz\.start_money\.adult"):
        catalogue.figure("ch.raz.start_money.child", ON)
    with pytest.raises(KeyError, match=r"on 2023-12-31"):
        catalogue.figure("de.reag_garp.start_money.adult", date(2023, 12, 31))
    with pytest.raises(KeyError, match=r"There is no programme 'ch\.rax'"):
        catalogue.get("ch.rax")


def test_every_statement_is_sourced_and_dated(catalogue: Catalogue) -> None:
    for programme in catalogue:
        for sourced in (
            programme.sourced,
            *(rule.sourced for rule in programme.conditions),
            *(benefit.sourced for benefit in programme.benefits),
        ):
            assert sourced.source.cite
            assert sourced.source.as_of[:2] in ("19", "20")


def test_the_host_is_asked_first_when_nothing_else_is_known(catalogue: Catalogue) -> None:
    first = next_question(catalogue, Facts.read({}), None, ON)
    assert first in {"host_country", "status", "nationality"}
    assert next_question(catalogue, Facts.read({}), "CH", ON) == "status"


def test_nothing_is_asked_twice_and_nothing_in_vain(catalogue: Catalogue) -> None:
    """Answering what is asked settles every verdict that facts can settle."""
    asked = []
    known = Facts.read({"host_country": "CH"})
    while name := next_question(catalogue, known, "CH", ON):
        asked.append(name)
        known = known.with_fact(name, AFGHAN_IN_BERN.get(name, False))  # type: ignore[arg-type]
    assert len(asked) == len(set(asked))
    assert len(asked) <= 11
    for found in assess(catalogue, known, ON):
        assert set(found.missing) <= {"trafficking_victim"}


def test_fewer_questions_than_asking_everything(
    catalogue: Catalogue, request: pytest.FixtureRequest
) -> None:
    counts = []
    for case in all_cases()[::4]:
        host = case.facts.get("host_country")
        if host:
            counts.append(_questions(catalogue, case.facts, host, case.on))
    mean = sum(counts) / len(counts)
    everything = len(FACTS) - len(NEVER_ASKED) - 1  # the host country is known
    request.config.stash[QUESTIONS] = (
        f"{mean:.1f} questions on average over {len(counts)} households, instead of {everything}"
    )
    assert mean < everything / 2 + 1


def _questions(catalogue: Catalogue, facts: dict[str, object], host: str, on: date) -> int:
    known, unknown = Facts.read({"host_country": host}), []
    full = Facts.read(facts)
    while name := next_question(catalogue, known, host, on, unknown):
        value = full.get(name)
        if value is None:
            unknown.append(name)
        else:
            known = known.with_fact(name, value)
    return len(known.values) - 1 + len(unknown)


def test_a_value_past_its_review_says_so(catalogue: Catalogue) -> None:
    late = check(catalogue, AFGHAN_IN_BERN, date(2028, 1, 1))
    found = next(entry for entry in late["programmes"] if entry["id"] == "ch.individual")
    assert {paid["not_checked_since"] for paid in found["benefits"]} >= {"2025-07"}
    fresh = check(catalogue, AFGHAN_IN_BERN, ON)
    found = next(entry for entry in fresh["programmes"] if entry["id"] == "ch.individual")
    assert not any("not_checked_since" in paid for paid in found["benefits"])


def test_reasons_name_the_value_read(catalogue: Catalogue) -> None:
    answer = check(catalogue, AFGHAN_IN_BERN, ON)
    found = next(entry for entry in answer["programmes"] if entry["id"] == "ch.raz")
    against = [reason for reason in found["reasons"] if reason["verdict"] == "no"]
    assert [(reason["rule"], reason["because"]) for reason in against] == [
        ("place_federal", {"place": "canton"})
    ]


def test_means_are_a_caveat_that_is_always_named(catalogue: Catalogue) -> None:
    answer = check(catalogue, AFGHAN_IN_BERN, ON)
    found = next(entry for entry in answer["programmes"] if entry["id"] == "ch.individual")
    caveats = {
        reason["rule"]: reason for reason in found["reasons"] if reason["weight"] == "caveat"
    }
    assert found["verdict"] == "yes"
    assert caveats["has_means"]["verdict"] == "unknown"
    assert caveats["has_means"]["because"] == {"has_means": None}


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(["--rules", str(RULES), *arguments])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def test_check_prints_the_json(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "facts.json"
    file.write_text(json.dumps(AFGHAN_IN_BERN))
    code, out, _ = run(capsys, "check", str(file), "--on", "2026-11-22")
    answer = json.loads(out)
    assert code == 0
    assert answer["on"] == "2026-11-22"
    assert {entry["id"] for entry in answer["programmes"]} == DESIGNED


def test_check_reads_standard_input_and_draws_a_table(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(json.dumps(AFGHAN_IN_BERN)))
    code, out, _ = run(capsys, "check", "-", "--on", "2026-11-22", "--table")
    assert code == 0
    assert "start_money: up to CHF 3,500" in out


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{", "is not JSON"),
        ("[]", "must be one object"),
        ('{"status": "x"}', "status: 'x' is not one of"),
    ],
)
def test_unreadable_facts_are_explained(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, text: str, says: str
) -> None:
    file = tmp_path / "facts.json"
    file.write_text(text)
    code, out, err = run(capsys, "check", str(file))
    assert (code, out) == (2, "")
    assert says in err
    assert run(capsys, "check", str(tmp_path / "none.json"))[0] == 2


def test_the_other_commands(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    code, out, _ = run(capsys, "lint", "--on", "2026-11-22")
    assert code == 0
    assert out.startswith("18 programmes")
    for programme in DESIGNED:
        code, out, _ = run(capsys, "explain", programme, "--on", "2026-11-22")
        assert code == 0
        assert "Benefits" in out
        assert "?" not in out.replace("Ask.", "")
    assert run(capsys, "explain", "ch.rax")[0] == 2
    code, out, _ = run(capsys, "list", "--on", "2023-07-31")
    assert "coming: ends on 2023-12-31" in out
    code, out, _ = run(capsys, "due", "--on", "2026-12-01", "--within", "30")
    assert "2026-12-31 de.reag_garp destination_suspended.sudan (content-de)" in out
    assert "Nothing to review" in run(capsys, "due", "--on", "2020-01-01")[1]
    assert main(["--rules", str(tmp_path / "no"), "lint"]) == 1
