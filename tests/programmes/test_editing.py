"""What content editors lean on: the schema, the changes of a revision, the printed page."""

from __future__ import annotations

import json
import subprocess
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from types import MappingProxyType

import pytest
from jsonschema import Draft202012Validator
from ruamel.yaml import YAML

from programmes import Catalogue
from programmes.catalogue import Catalogue as Rules
from programmes.changes import RevisionError, catalogue_at, changes
from programmes.editor_schema import editor_schema
from programmes.export import page
from programmes.model import Dated, Programme
from tests.programmes.conftest import RULES
from tests.programmes.sentences import all_cases

FILES = sorted(RULES.glob("*/*.yml"))


def test_published_schema_is_the_present_one() -> None:
    """Write it anew with `python -m programmes schema > content/programmes/schema.json`."""
    assert json.loads((RULES / "schema.json").read_text()) == editor_schema()
    Draft202012Validator.check_schema(editor_schema())


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_programme_files_fit_the_schema(file: Path) -> None:
    assert file.read_text().startswith("# yaml-language-server: $schema=../schema.json\n")
    content = YAML(typ="safe", pure=True).load(file.read_text())
    plain = json.loads(json.dumps(_text_keys(content), default=str))
    faults = list(Draft202012Validator(editor_schema()).iter_errors(plain))
    assert not faults, faults[0]


def _text_keys(value: object) -> object:
    if isinstance(value, dict):
        return {str(key): _text_keys(child) for key, child in value.items()}
    return [_text_keys(child) for child in value] if isinstance(value, list) else value


def test_schema_refuses_a_slip() -> None:
    validator = Draft202012Validator(editor_schema()["$defs"]["rule"] | {"$defs": {}})
    assert not validator.is_valid({"statuss": "protected"})


def _with_start_money(programme: Programme, amount: int) -> Programme:
    benefits = []
    for benefit in programme.benefits:
        if benefit.kind == "start_money":
            rate = benefit.rates[0]
            dear = MappingProxyType({**rate.amounts, "adult": Dated(((date(2019, 3, 1), amount),))})
            benefit = replace(benefit, rates=(replace(rate, amounts=dear),))
        benefits.append(benefit)
    return replace(programme, benefits=tuple(benefits))


def test_a_changed_amount_names_the_households_it_changes(catalogue: Catalogue) -> None:
    changed = Rules(
        tuple(_with_start_money(p, 900) if p.id == "ch.raz" else p for p in catalogue),
        catalogue.lists,
    )
    lines = list(changes(catalogue, changed, all_cases()))
    assert "An Algerian mother with one child in a federal asylum centre (2026-11-22)" in lines
    change = next(line for line in lines if line.startswith("  ch.raz: yes"))
    assert "start_money 1500 CHF" in change.split(" -> ")[0]
    assert "start_money 1400 CHF" in change.split(" -> ")[1]
    assert list(changes(catalogue, catalogue, all_cases()[:20])) == []


def test_a_revision_is_read_from_git(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, catalogue: Catalogue
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "rules").symlink_to(RULES)
    copied = tmp_path / "content"
    subprocess.run(["cp", "-r", str(RULES), str(copied)], check=True)
    who = ["-c", "user.name=Amina", "-c", "user.email=amina@example.org"]
    for arguments in (["init", "-q"], ["add", "content"], [*who, "commit", "-qm", "Rules."]):
        subprocess.run(["git", *arguments], check=True)
    before = catalogue_at("HEAD", "content")
    assert [programme.id for programme in before] == [programme.id for programme in catalogue]
    with pytest.raises(RevisionError, match="Name a commit, tag or branch"):
        catalogue_at("nowhere", "content")


def test_the_page_holds_every_programme_and_is_well_formed(catalogue: Catalogue) -> None:
    html = page(catalogue, date(2026, 11, 22))
    for programme in catalogue:
        assert f'<article id="{programme.id}">' in html
    assert "up to CHF 1,000 an adult, 500 a minor" in html
    assert "Ended on 2023-12-31" in html
    counter = _Tags()
    counter.feed(html)
    assert counter.open == []


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag
