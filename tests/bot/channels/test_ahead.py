"""A sentence vector computed beside other turns is the one that the parse takes."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from types import SimpleNamespace

import numpy as np
import pytest
from rasa.shared.nlu.training_data.message import Message

from bot.channels.ahead import LookAhead
from bot.channels.mailbox import _warm_up
from bot.nlu import encoder, sentence_vectors
from bot.nlu.sentence_vectors import SentenceVectors, compute_ahead


class Counting:
    """An encoder whose vectors tell the text's length; notes what it read, and in which thread."""

    def __init__(self) -> None:
        self.read: list[tuple[str, int]] = []

    def encode(self, texts: Sequence[str]) -> encoder.Vectors:
        self.read += [(text, threading.get_ident()) for text in texts]
        return np.array([[len(text)] * encoder.DIMENSIONS for text in texts], dtype=np.float32)


@pytest.fixture
def counting(monkeypatch: pytest.MonkeyPatch) -> Counting:
    one = Counting()
    monkeypatch.setattr(encoder, "opened", lambda *_: one)
    monkeypatch.setattr(sentence_vectors, "_ahead", {})
    return one


def parsed(text: str) -> float:
    """The vector that the pipeline gives a message, by its first number."""
    component = SentenceVectors(SentenceVectors.get_default_config(), "vectors")
    (message,) = component.process([Message({"text": text})])
    _, sentence = message.get_dense_features("text")
    assert sentence is not None
    return float(sentence.features[0][0])


async def test_a_text_is_read_once_and_beside_the_loop(counting: Counting) -> None:
    look_ahead = LookAhead()
    look_ahead.is_on = True
    await look_ahead("Hello  there!!!")
    assert parsed("Hello  there!!!") == len("Hello there!")
    ((text, thread),) = counting.read
    assert text == "Hello there!"
    assert thread != threading.get_ident()
    look_ahead.close()


async def test_the_same_words_of_somebody_else_are_read_again(counting: Counting) -> None:
    compute_ahead("hello")
    assert [parsed("hello"), parsed("hello")] == [5, 5]
    assert len(counting.read) == 2


async def test_what_is_begun_while_it_is_stored_is_not_begun_again(counting: Counting) -> None:
    look_ahead = LookAhead()
    look_ahead.is_on = True
    look_ahead.soon("hello")
    look_ahead.soon('/inform{"media": "photo"}')
    await look_ahead("somebody else")
    await look_ahead("hello")
    assert [parsed("hello"), parsed("somebody else")] == [5, 13]
    assert sorted(text for text, _ in counting.read) == ["hello", "somebody else"]
    look_ahead.close()


async def test_what_was_begun_and_failed_fails_the_turn_alone(
    counting: Counting, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(_: Sequence[str]) -> encoder.Vectors:
        raise encoder.EncoderMissingError

    look_ahead = LookAhead()
    look_ahead.is_on = True
    monkeypatch.setattr(counting, "encode", missing)
    look_ahead.soon("hello")
    with pytest.raises(encoder.EncoderMissingError):
        await look_ahead("hello")
    monkeypatch.undo()
    look_ahead.close()


async def test_only_one_text_is_begun_before_its_turn(
    counting: Counting, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_go_on = threading.Event()
    real = counting.encode

    def slow(texts: Sequence[str]) -> encoder.Vectors:
        may_go_on.wait(10)
        return real(texts)

    look_ahead = LookAhead()
    look_ahead.is_on = True
    monkeypatch.setattr(counting, "encode", slow)
    look_ahead.soon("one")
    look_ahead.soon("two")
    may_go_on.set()
    await look_ahead("one")
    assert [text for text, _ in counting.read] == ["one"]
    look_ahead.close()


async def test_a_button_is_not_read(counting: Counting) -> None:
    look_ahead = LookAhead()
    look_ahead.is_on = True
    await look_ahead('/inform{"media": "photo"}')
    assert counting.read == []
    look_ahead.close()


async def test_before_rasa_has_a_model_nothing_is_read(counting: Counting) -> None:
    look_ahead = LookAhead()
    await look_ahead("Hello")
    assert counting.read == []
    look_ahead.close()


class Agent:
    """Rasa's agent while the bot warms up."""

    def __init__(self, fault: Exception | None) -> None:
        self._fault = fault

    def is_ready(self) -> bool:
        return True

    async def parse_message(self, _text: str) -> None:
        if self._fault is not None:
            raise self._fault


@pytest.mark.parametrize(("fault", "is_on"), [(None, True), (ValueError("no encoder"), False)])
async def test_a_first_parse_that_went_well_turns_it_on(
    fault: Exception | None, is_on: bool
) -> None:
    mailbox = SimpleNamespace(look_ahead=LookAhead(), is_warm=False, wake=lambda: None)
    app = SimpleNamespace(ctx=SimpleNamespace(agent=Agent(fault), mailbox=mailbox))
    await _warm_up(app)  # type: ignore[arg-type]
    assert mailbox.look_ahead.is_on is is_on
    assert mailbox.is_warm


def test_what_nobody_came_for_does_not_pile_up(counting: Counting) -> None:
    for number in range(500):
        compute_ahead(f"message {number}")
    assert len(sentence_vectors._ahead) <= 64
    assert parsed("message 499") == len("message 499")
    assert len(counting.read) == 500
