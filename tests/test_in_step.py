"""What must stay in step: domain, actions, rules, answers, languages, settings, documents."""

from __future__ import annotations

import pkgutil
import re
from importlib import import_module
from pathlib import Path

import pytest
from rasa_sdk import Action
from ruamel.yaml import YAML

import actions
from programmes import FACTS, load
from wegweiser.check import problems
from wegweiser.checks.texts import domain
from wegweiser.texts import FALLBACK, languages, texts

ROOT = Path(__file__).parent.parent


def test_everything_a_content_editor_can_get_wrong_is_right() -> None:
    assert problems() == []


def test_the_assistant_speaks_the_first_four_languages() -> None:
    assert {"en", "de", "fr", "ar"} <= {language.code for language in languages()}


def registered() -> set[str]:
    for module in pkgutil.walk_packages(actions.__path__, "actions."):
        import_module(module.name)
    found: set[str] = set()
    waiting = list(Action.__subclasses__())
    while waiting:
        one = waiting.pop()
        waiting += one.__subclasses__()
        if one.__module__.startswith("actions.") and not getattr(one, "__abstractmethods__", None):
            found.add(one().name())
    return found


def test_every_action_of_the_domain_exists_and_every_action_is_in_the_domain() -> None:
    named = {next(iter(one)) if isinstance(one, dict) else one for one in domain()["actions"]}
    assert named == registered()


def test_every_fact_that_may_be_asked_has_a_slot_and_a_question() -> None:
    from actions.choices import ASKED

    assert set(ASKED) <= set(domain()["slots"])
    assert {f"utter_check_ask_{fact}" for fact in ASKED} <= set(texts(FALLBACK).responses)
    assert set(FACTS) >= set(ASKED)


def test_every_programme_has_an_answer_and_every_rule_a_sentence() -> None:
    catalogue = load(ROOT / "content" / "programmes")
    answers = set(texts(FALLBACK).responses)
    words = texts(FALLBACK).words
    for programme in catalogue:
        assert f"utter_programme_{programme.id.replace('.', '_')}" in answers
        for condition in programme.conditions:
            if condition.weight == "decides":
                assert f"reason_no.{condition.rule}" in words, (programme.id, condition.rule)


def test_every_intent_is_dealt_with_by_a_rule() -> None:
    rules = (ROOT / "data" / "stories" / "rules.yml").read_text("utf-8")
    named = set(re.findall(r"intent: (\w+)", rules))
    assert set(domain()["intents"]) == named


@pytest.mark.parametrize("form", ["check_form", "request_form", "addition_form"])
def test_every_intent_is_dealt_with_inside_an_interview(form: str) -> None:
    loaded = YAML(typ="safe").load((ROOT / "data/stories/interviews.yml").read_text("utf-8"))
    named: set[str] = set()
    for rule in loaded["rules"]:
        if {"active_loop": form} in rule.get("condition", []):
            first = rule["steps"][0]
            named |= {one["intent"] for one in first.get("or", [first])}
    assert set(domain()["intents"]) == named


def test_every_setting_is_explained_and_every_explained_setting_exists() -> None:
    read = set(
        re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', (ROOT / "wegweiser/settings.py").read_text())
    )
    explained = set(
        re.findall(r"^#? ?([A-Z][A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE)
    )
    assert read == explained


def test_documents_name_only_files_that_exist() -> None:
    missing = []
    for document in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")]:
        named = re.findall(r"`((?:[\w.-]+/)+[\w.-]+\.\w+)`", document.read_text("utf-8"))
        missing += [
            f"{document.name}: {path}"
            for path in named
            if (ROOT / path.partition("/")[0]).exists()
            and not path.startswith("var/")
            and not (ROOT / path).exists()
        ]
    assert not missing, "\n".join(missing)


@pytest.mark.parametrize("language", [one.code for one in languages()])
def test_the_words_that_erase_everything_are_taught_as_they_are_told(language: str) -> None:
    """The welcome quotes what to write; whoever writes exactly that must be understood."""
    from wegweiser.checks.examples import EXAMPLES, examples

    (welcome,) = texts(language).responses["utter_welcome"]
    (told,) = re.findall(r"[\"«„“]([^\"»“”]+)[\"»“”]", welcome["text"])
    known = {one.casefold() for one in examples(EXAMPLES / f"{language}.yml")["delete_my_data"]}
    assert told.strip().casefold() in known


def test_every_entity_that_a_button_carries_is_in_the_domain() -> None:
    """Rasa drops the others without a word."""
    carried = set()
    for path in sorted(Path(actions.__path__[0]).glob("*.py")):
        source = path.read_text("utf-8")
        for call in re.findall(r"(?:press|\.button)\(\s*([^()]*(?:\([^()]*\)[^()]*)*)\)", source):
            carried |= set(re.findall(r"\b([a-z_]+)=", call))
    assert {"question", "answer", "value"} <= carried
    assert carried <= set(domain()["entities"]), carried - set(domain()["entities"])
