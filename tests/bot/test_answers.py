"""What is said: in whose language, with which figures, and never silence or a hole."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot import wording
from bot.answers import LAST_RESORT, Answers, say
from wegweiser import texts

EN = """
language: en
words: {}
chat: {}
buttons: {yes: "Yes", human: "Talk to a person", amount: "Up to {money}"}
responses:
  utter_plain: [{text: Hello}]
  utter_only_en: [{text: Only English}]
  utter_money: [{text: "Up to {money} for {name}"}]
  utter_default: [{text: Please say it in other words}]
  utter_variations: [{text: one}, {text: two}, {text: three}]
  utter_by_country:
  - {text: In Germany, condition: [{type: slot, name: host_country, value: DE}]}
  - {text: In Switzerland, condition: [{type: slot, name: host_country, value: CH}]}
"""
SKELETON = """
utter_plain:
- {title: "yes", payload: /affirm}
- {title: human, payload: /request_human}
utter_money:
- {title: amount, payload: /ask_amount}
"""
FR = """
language: fr
words: {}
chat: {}
buttons: {yes: "Oui"}
responses:
  utter_plain: [{text: Bonjour}]
  utter_money: [{text: "Jusqu'à {money} pour {nom}"}]
"""
DOMAIN = Domain.from_dict(
    {
        "version": "3.1",
        "slots": {
            name: {"type": "text", "mappings": [{"type": "custom"}]}
            for name in ("language", "host_country", "name", "money")
        },
    }
)


@pytest.fixture(autouse=True)
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "en.yml").write_text(EN)
    (tmp_path / "fr.yml").write_text(FR)
    (tmp_path / "skeleton.yml").write_text(SKELETON)
    monkeypatch.setattr(texts, "SKELETON", tmp_path / "skeleton.yml")
    monkeypatch.setattr(texts, "ANSWERS", tmp_path)
    monkeypatch.setattr(texts, "_loaded", {})
    figures = {"en": {"money": "CHF 1,000"}, "fr": {"money": "1 000 CHF"}}
    monkeypatch.setattr(wording, "_source", lambda: figures.__getitem__)
    return tmp_path


def tracker(
    *, detected: Any = None, metadata: dict[str, Any] | None = None, **slots: Any
) -> DialogueStateTracker:
    message = UserUttered(
        "Hello",
        {"name": "greet"},
        parse_data={"language": detected} if detected else {},  # type: ignore[typeddict-item]
        metadata=metadata,
    )
    events = [message, *(SlotSet(name, value) for name, value in slots.items())]
    return DialogueStateTracker.from_events("c", events, DOMAIN.slots)


async def answer(key: str, of: DialogueStateTracker, **values: Any) -> dict[str, Any]:
    return await Answers().generate(key, of, "telegram", **values)


@pytest.mark.parametrize(
    ("known", "text"),
    [
        ({}, "Hello"),
        ({"metadata": {"language_hint": "fr"}}, "Bonjour"),
        ({"metadata": {"language": "en", "language_hint": "fr"}}, "Hello"),
        ({"detected": {"code": "fr"}, "metadata": {"language": "en"}}, "Bonjour"),
        ({"language": "en", "detected": {"code": "fr"}}, "Hello"),
        ({"language": "fr-CH"}, "Bonjour"),
        ({"language": "xx", "detected": {"code": "fr"}}, "Bonjour"),
        ({"detected": "fr"}, "Hello"),
        ({"detected": {}}, "Hello"),
        ({"language": "../en"}, "Hello"),
    ],
)
async def test_the_language_is_the_persons(known: dict[str, Any], text: str) -> None:
    assert (await answer("utter_plain", tracker(**known)))["text"] == text


async def test_the_skeleton_has_the_buttons_and_the_language_the_words() -> None:
    said = await answer("utter_plain", tracker(language="fr"))
    assert said["buttons"] == [
        {"title": "Oui", "payload": "/affirm"},
        {"title": "Talk to a person", "payload": "/request_human"},
    ]
    assert said["answer_language"] == "fr"


async def test_keys_on_an_actions_buttons_become_words_and_words_stay() -> None:
    buttons = [{"title": "yes", "payload": "/affirm"}, {"title": "Kosovo", "payload": "/x"}]
    await answer("utter_plain", tracker(language="fr"), buttons=buttons)
    assert [one["title"] for one in buttons] == ["Oui", "Kosovo"]


async def test_an_action_before_slots_before_figures() -> None:
    said = await answer("utter_money", tracker(), name="Amina")
    assert said["text"] == "Up to CHF 1,000 for Amina"
    assert said["buttons"][0]["title"] == "Up to CHF 1,000"
    assert (await answer("utter_money", tracker(name="Bilal", money="CHF 5")))["text"] == (
        "Up to CHF 5 for Bilal"
    )
    assert (await answer("utter_money", tracker(name="Bilal"), name="Amina", money="0"))[
        "text"
    ] == "Up to 0 for Amina"


async def test_a_hole_is_said_in_english_and_then_not_at_all(
    caplog: pytest.LogCaptureFixture,
) -> None:
    said = await answer("utter_money", tracker(language="fr"), name="Amina")
    assert said["text"] == "Up to CHF 1,000 for Amina"
    assert "answer.hole key=utter_money language=fr missing=nom" in caplog.text
    assert "Amina" not in caplog.text
    assert (await answer("utter_money", tracker()))["text"] == "Please say it in other words"


async def test_braces_in_a_value_are_only_text() -> None:
    said = await answer("utter_money", tracker(), name="{money} {0} {x!r} }{")
    assert said["text"] == "Up to CHF 1,000 for {money} {0} {x!r} }{"


async def test_missing_keys_fall_back() -> None:
    assert (await answer("utter_only_en", tracker(language="fr")))["text"] == "Only English"
    said = await answer("utter_nowhere", tracker(language="fr"))
    assert said["text"] == "Please say it in other words"
    assert said["utter_action"] == "utter_nowhere"


async def test_without_any_file_there_is_still_a_sentence_and_a_human(
    files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(texts, "ANSWERS", files / "nowhere")
    said = await answer("utter_plain", tracker())
    assert said["text"] == LAST_RESORT
    assert said["buttons"] == [{"title": "Talk to a person", "payload": "/request_human"}]


async def test_broken_figures_do_not_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> Any:
        raise ValueError

    monkeypatch.setattr(wording, "_source", broken)
    assert (await answer("utter_plain", tracker()))["text"] == "Hello"
    assert (await answer("utter_money", tracker(), name="x", money="5"))["text"] == "Up to 5 for x"


async def test_conditions_choose() -> None:
    said = await answer("utter_by_country", tracker(host_country="CH"))
    assert said["text"] == "In Switzerland"
    assert (await answer("utter_by_country", tracker()))["text"] == "Please say it in other words"


async def test_never_the_same_variation_twice_in_a_row() -> None:
    of, last, seen = tracker(), None, set()
    for _ in range(60):
        said = await answer("utter_variations", of)
        assert said["text"] != last
        last = said["text"]
        seen.add(last)
        metadata = {key: said[key] for key in ("utter_action", "variation")}
        of.update(BotUttered(None, {}, metadata))
        of.update(BotUttered("something else", {}, {"utter_action": "utter_plain"}))
    assert seen == {"one", "two", "three"}


def test_outside_of_a_dialogue() -> None:
    assert say("utter_plain", "fr")["text"] == "Bonjour"
    assert say("utter_plain", "xx")["buttons"][0]["title"] == "Yes"
    logging.getLogger("bot.answers").info("no tracker is needed")
