"""A broken rules base says where, what and what to do - all of it at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from programmes import CatalogueError, load

SOURCES = """
law:
  cite: The law
  as_of: 2024-01
"""
LISTS = """
eu:
  says: Member states
  source: law
  confidence: S
  review_by: 2027-01-01
  countries:
    2020-01-01: [FR, PL]
"""
RULES = """
once:
  id: received_before
  says: Once only.
  needs: {received_before: false}
  source: law
  confidence: S
"""
RAZ = """
id: ch.raz
names: {en: Help}
host_country: CH
operator: SEM
decides: SEM
apply_through: The counselling
summary: Help for return.
owner: content-ch
review_by: 2027-01-01
source: law
confidence: S

conditions:
  - id: status_allowed
    says: For asylum seekers.
    needs:
      status: [asylum_pending]
    source: law
    confidence: S
  - use: once

benefits:
  - kind: start_money
    says: Money.
    source: law
    confidence: S
    rates:
      - id: regular
        currency: CHF
        adult: {2024-01-01: 1000}
        source: law
        confidence: S
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small rules base without a fault."""
    (tmp_path / "ch").mkdir()
    (tmp_path / "de").mkdir()
    (tmp_path / "sources.yml").write_text(SOURCES)
    (tmp_path / "lists.yml").write_text(LISTS)
    (tmp_path / "rules.yml").write_text(RULES)
    (tmp_path / "ch" / "raz.yml").write_text(RAZ)
    return tmp_path


def faults(folder: Path) -> list[str]:
    """The problems of a rules base, one a line, without the folder."""
    with pytest.raises(CatalogueError) as caught:
        load(folder)
    return [str(problem).replace(f"{folder}/", "") for problem in caught.value.problems]


def test_a_sound_rules_base_loads(folder: Path) -> None:
    catalogue = load(folder)
    assert [programme.id for programme in catalogue] == ["ch.raz"]
    assert [rule.id for rule in catalogue.get("ch.raz").conditions] == [
        "host_country",
        "status_allowed",
        "received_before",
    ]


@pytest.mark.parametrize(
    ("old", "new", "line", "says", "remedy"),
    [
        ("owner: content-ch\n", "", 2, "has no `owner`", "Add `owner:`"),
        ("summary:", "sumary:", 8, "has no meaning here", "Did you mean summary?"),
        ("host_country: CH", "host_country: AT", 4, "'AT' is not a value", "Use one of: CH, DE"),
        ("id: ch.raz", "id: ch.rax", 2, "does not match the file", "Write ch.raz or rename"),
        ("review_by: 2027-01-01", "review_by: soon", 10, "must be a day", "YYYY-MM-DD"),
        ("review_by: 2027-01-01", "review_by: 2027-02-30", 10, "must be a day", "YYYY-MM-DD"),
        ("source: law\nconf", "source: lore\nconf", 11, "'lore' is no source", "sources.yml"),
        ("confidence: S\n\ncond", "confidence: M\n\ncond", 12, "'M' is not a value", "S, S-old, I"),
        ("status: [asylum_pending]", "status: [asylum]", 18, "is no value of status", "one of"),
        ("status: [asylum_pending]", "stats: protected", 18, "neither a fact nor", "status"),
        ("status: [asylum_pending]", "adults: {at_lest: 2}", 18, "no meaning", "at_least"),
        ("status: [asylum_pending]", "adults: {at_least: -2}", 18, "whole number", "digits"),
        ("status: [asylum_pending]", "nationality: {in: ue}", 18, "is no list", "Use: eu"),
        ("status: [asylum_pending]", "nationality: Polen", 18, "is no value of", "two-letter"),
        ("status: [asylum_pending]", "programme: ch.ras", 18, "is no programme", "Use: ch.raz"),
        ("status: [asylum_pending]", "programme: ch.raz", 18, "in a circle", "Remove one"),
        ("status: [asylum_pending]", "dublin: {is: false, in: x}", 18, "no meaning here", "is"),
        ("status: [asylum_pending]", "any: x", 18, "must be a list", "one item a line"),
        ("use: once", "use: twice", 21, "is no shared rule", "Use: once"),
        ("id: status_allowed", "id: received_before", 21, "is taken", "another id"),
        ("kind: start_money", "kind: start", 24, "is not a value", "Did you mean"),
        ("adult: {2024-01-01: 1000}", "adult: 1000", 31, "group of keys", "key: value"),
        ("adult: {2024-01-01: 1000}", "adult: {2024: 1000}", 31, "is no day", "takes effect"),
        ("adult: {2024-01-01: 1000}", "adult: {2024-01-01: many}", 31, "whole number", "1000"),
        ("currency: CHF", "currency: USD", 30, "is not a value", "CHF, EUR"),
        ("        adult: {2024-01-01: 1000}\n", "", 29, "has no amount", "Add one of: adult"),
        (
            "adult: {2024-01-01: 1000}",
            "adult: {2024-01-01: 1, 2023-01-01: 2}",
            31,
            "out of order",
            "earliest first",
        ),
        ("names: {en: Help}", "names: {English!: Help}", 3, "is no language", "de, fr, en"),
        ("decides: SEM", "decides:", 6, "must be a text", "Write the words"),
        ("operator: SEM", "operator: SEM\noperator: IOM", 6, "written twice", "Keep one"),
        ("names: {en: Help}", "names: {en: [}", 3, "is not YAML", "indentation"),
    ],
)
def test_each_fault_names_line_and_remedy(
    folder: Path, old: str, new: str, line: int, says: str, remedy: str
) -> None:
    assert RAZ.count(old) >= 1
    (folder / "ch" / "raz.yml").write_text(RAZ.replace(old, new, 1))
    found = faults(folder)
    assert any(
        text.startswith(f"ch/raz.yml:{line}:") and says in text and remedy in text for text in found
    ), "\n".join(found)


@pytest.mark.parametrize(
    ("file", "text", "says"),
    [
        ("sources.yml", "law:\n  cite: The law\n", "sources.yml:1: law: has no `as_of`"),
        ("sources.yml", SOURCES.replace("2024-01", "recently"), "'recently' is no date"),
        ("lists.yml", LISTS.replace("PL]", "XX]"), "'XX' is no country"),
        ("lists.yml", LISTS.replace("PL]", "FR]"), "is on the list twice"),
        ("lists.yml", LISTS.replace("  source: law\n", ""), "lists.yml:2: eu: has no `source`"),
        ("ch/raz.yml", "", "is empty"),
        ("ch/raz.yml", "- a\n- b\n", "must be a group of keys"),
    ],
)
def test_faults_of_shared_files(folder: Path, file: str, text: str, says: str) -> None:
    (folder / file).write_text(text)
    assert any(says in fault for fault in faults(folder)), faults(folder)


def test_all_faults_of_all_files_come_at_once(folder: Path) -> None:
    (folder / "lists.yml").write_text(LISTS.replace("PL]", "XX]"))
    broken = RAZ.replace("confidence: S\n\n", "confidence: X\n\n").replace("CHF", "USD")
    (folder / "ch" / "raz.yml").write_text(broken)
    found = faults(folder)
    assert [text.split(":")[:2] for text in found] == [
        ["ch/raz.yml", "12"],
        ["ch/raz.yml", "30"],
        ["lists.yml", "8"],
    ]


def test_missing_file_and_missing_folder(folder: Path) -> None:
    (folder / "lists.yml").unlink()
    assert any("lists.yml:1: file: cannot be read" in text for text in faults(folder))
    assert "is no folder" in faults(folder / "nowhere")[0]


def test_no_programme_at_all(folder: Path) -> None:
    (folder / "ch" / "raz.yml").unlink()
    assert "holds no programme" in faults(folder)[0]


def test_bytes_that_are_no_text(folder: Path) -> None:
    (folder / "ch" / "raz.yml").write_bytes(b"\xff\xfe\x00")
    assert any("ch/raz.yml:1: file:" in text for text in faults(folder))


def test_country_code_of_norway_is_no_boolean(folder: Path) -> None:
    (folder / "lists.yml").write_text(LISTS.replace("PL]", "NO]"))
    assert "NO" in (load(folder).lists["eu"].versions.steps[0][1])
