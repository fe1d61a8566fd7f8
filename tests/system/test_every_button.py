"""Every button that the assistant shows leads somewhere, and from there on: no dead end."""

from __future__ import annotations

from collections import deque
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from tests.system.running import Wegweiser
from tests.system.talk import Talk, keys_of
from tests.telegram_people import RLM
from tests.telegram_server import Sent, TelegramServer
from wegweiser.texts import button, languages

pytestmark = pytest.mark.asyncio(loop_scope="session")

LAST = "erase_yes"
WITHOUT_BUTTONS = {"utter_erased"}


def one_of_each(language: str) -> list[str]:
    """A plain sentence for each thing a person can mean, from the held-out ones."""
    path = Path(__file__).parent.parent / "nlu" / f"{language}.yml"
    first: dict[str, str] = {}
    for one in YAML(typ="safe").load(path.read_text("utf-8"))["sentences"]:
        if one["style"] == "plain" and one["intent"] != "change_language":
            first.setdefault(one["intent"], one["text"])
    return list(first.values())


@pytest.mark.parametrize("language", ["en", "de", "fr", "ar"])
async def test_no_button_is_a_dead_end(
    wegweiser: Wegweiser, telegram: TelegramServer, language: str
) -> None:
    talk = Talk(wegweiser, telegram.person(810_000 + ord(language[0]), language=language))
    waiting: deque[tuple[str, str, int]] = deque()
    seen: set[tuple[str, str]] = set()
    said: set[str] = set()

    # These end the conversation that is walked, or lead it into another language.
    set_apart = {button(language, LAST), *(one.name for one in languages())}

    def note(heard: list[Sent]) -> None:
        for message in heard:
            keys = keys_of(message.text, language)
            said.update(keys)
            for words, data in message.buttons:
                title = words.removeprefix(RLM)
                # A button is known by its words and by the question it stands under.
                known = (min(keys, default=message.text[:40]), title)
                if known not in seen and title not in set_apart:
                    seen.add(known)
                    waiting.append((title, data, message.message_id))

    for opening in ("/start", "/help", "/language", "/delete", "/human", *one_of_each(language)):
        note(await talk.says(opening))
    while waiting:
        title, data, _ = waiting.popleft()
        heard = await talk.presses_data(data)
        where = f"{title!r} led to {[one.text for one in heard]}"
        assert heard, where
        last = heard[-1]
        assert last.buttons or keys_of(last.text, language) & WITHOUT_BUTTONS, where
        assert "utter_default" not in keys_of(last.text, language), where
        assert "utter_set_aside" not in keys_of(last.text, language), where
        note(heard)
    assert len(seen) > 100, f"{sorted(said)} {sorted(seen)}"
    assert {"utter_ask_amount", "utter_ask_dublin", "utter_request_ask_consent"} <= said
