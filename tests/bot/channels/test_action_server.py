"""An action server that is down, slow, or answers junk, called by Rasa's own code over a socket."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web
from rasa.core.actions.action import RemoteAction
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.processor import MessageProcessor
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from bot import action_server
from bot.channels.faults import note_failed_actions
from desk.models import Message
from tests.telegram_people import Person
from tests.telegram_server import TelegramServer
from wegweiser.texts import response

POISON = "poison"


class ActionServer:
    """Answers well, but for a message "poison" as ``fault`` says."""

    def __init__(self) -> None:
        self.fault = ""
        self.poisoned = 0
        self.port = _free_port()
        self._runner: web.AppRunner | None = None

    async def start(self) -> None:
        app = web.Application(client_max_size=2**24)
        app.router.add_post("/webhook", self._answer)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port).start()

    async def stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        text = (await request.json())["tracker"]["latest_message"]["text"]
        good = web.json_response({"events": [], "responses": [{"text": f"answer to {text}"}]})
        if text != POISON or not self.fault:
            return good
        self.poisoned += 1
        return await getattr(self, f"_{self.fault}")(request)

    async def _slow(self, _: web.Request) -> web.StreamResponse:
        await asyncio.sleep(60)
        raise AssertionError("nobody waits that long")

    async def _junk_json(self, _: web.Request) -> web.StreamResponse:
        return web.json_response({"events": "none", "responses": 7})

    async def _not_json(self, _: web.Request) -> web.StreamResponse:
        return web.Response(text="<html>502</html>", content_type="text/html")

    async def _half_json(self, _: web.Request) -> web.StreamResponse:
        return web.Response(text='{"events": [', content_type="application/json")

    async def _status_500(self, _: web.Request) -> web.StreamResponse:
        return web.Response(status=500, text="Traceback ...")

    async def _status_400(self, _: web.Request) -> web.StreamResponse:
        return web.Response(status=400, text="no JSON here")

    async def _junk_http(self, request: web.Request) -> web.StreamResponse:
        assert request.transport is not None
        request.transport.write(b"lorem ipsum dolor sit amet\r\n\r\n")
        request.transport.close()
        return web.Response()

    async def _huge(self, _: web.Request) -> web.StreamResponse:
        size = action_server.MAX_BYTES + 1
        return web.json_response({"events": [], "responses": [{"text": "x" * size}]})

    async def _huge_in_chunks(self, request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse(headers={"Content-Type": "application/json"})
        await answer.prepare(request)
        for _ in range(action_server.MAX_BYTES // 50_000 + 5):
            await answer.write(b" " * 50_000)
        return answer

    async def _long(self, _: web.Request) -> web.StreamResponse:
        return web.json_response({"events": [], "responses": [{"text": "x" * 900_000}]})

    async def _many(self, _: web.Request) -> web.StreamResponse:
        return web.json_response({"events": [], "responses": [{"text": "x"}] * 5_000})


def _free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


@pytest.fixture
async def actions() -> AsyncIterator[ActionServer]:
    running = ActionServer()
    await running.start()
    yield running
    await running.stop()


@pytest.fixture
def hear(actions: ActionServer, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Rasa's own way to an action and back, without its model."""
    action_server.bound_answers()
    note_failed_actions()
    domain = Domain.empty()
    processor: Any = MessageProcessor.__new__(MessageProcessor)
    processor.domain = domain
    processor.action_endpoint = None
    remote = RemoteAction("action_x", EndpointConfig(f"http://127.0.0.1:{actions.port}/webhook"))
    prediction = PolicyPrediction([1.0], policy_name="rules")
    monkeypatch.setattr(processor, "should_predict_another_action", lambda _: False, raising=False)

    async def heard(message: Any) -> None:
        tracker = DialogueStateTracker.from_dict(message.sender_id, [], [])
        tracker.update(UserUttered(message.text))
        await processor._run_action(remote, tracker, message.output_channel, None, prediction)

    return heard


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    from datetime import timedelta

    monkeypatch.setattr(action_server, "TIMEOUT_S", 0.3)
    monkeypatch.setattr("desk.mailbox.turns.RETRY_TURN_AFTER", (timedelta(0), timedelta(0)))


JUNK = [
    "junk_json",
    "not_json",
    "half_json",
    "status_500",
    "status_400",
    "junk_http",
    "huge",
    "huge_in_chunks",
    "long",
    "many",
]


@pytest.mark.parametrize("fault", JUNK)
async def test_junk_for_one_message_is_nobody_elses(
    fault: str,
    assistant: Any,
    server: TelegramServer,
    amina: Person,
    actions: ActionServer,
    hear: Any,
) -> None:
    bilal = server.person(502)
    actions.fault = fault
    async with assistant(hear) as runtime:
        await amina.says(POISON)
        await amina.says("after it")
        await bilal.says("Hello")
        assert await bilal.hears(1) == ["answer to Hello"]
        apology, after = await amina.hears(2)
        assert apology == response("en", "utter_set_aside")
        assert after == "answer to after it"
        rows = Message.objects.filter(direction="in").order_by("id")
        states = await runtime.database(lambda: list(rows.values_list("state", flat=True)))
        assert sorted(states) == ["done", "done", "set_aside"]
    assert actions.poisoned == 3


async def test_a_slow_one_is_waited_out(
    assistant: Any,
    server: TelegramServer,
    amina: Person,
    actions: ActionServer,
    hear: Any,
) -> None:
    """Everybody else is answered, and the one who waits is answered once."""
    bilal = server.person(502)
    actions.fault = "slow"
    async with assistant(hear):
        await amina.says(POISON)
        await server.until(lambda: actions.poisoned >= 4)
        await bilal.says("Hello")
        assert await bilal.hears(1) == ["answer to Hello"]
        assert amina.texts == []
        actions.fault = ""
        assert await amina.hears(1) == ["answer to poison"]


async def test_down_and_up_again(
    assistant: Any, server: TelegramServer, actions: ActionServer, hear: Any
) -> None:
    people = [server.person(number) for number in range(1, 6)]
    await actions.stop()
    async with assistant(hear) as runtime:
        for person in people:
            await person.says("Hello")
        await server.until_async(
            lambda: runtime.database(lambda: Message.objects.filter(attempts__gte=4).count() == 5)
        )
        await actions.start()
        for person in people:
            assert await person.hears(1) == ["answer to Hello"]


def told(events: list[Event]) -> dict[str, Any]:
    """What an action server hears of a tracker."""
    action_server.bound_answers()
    slots = Domain.from_dict({"slots": {"language": CUSTOM}}).slots
    tracker = DialogueStateTracker.from_events("7", events, slots)
    remote = RemoteAction("action_x", EndpointConfig("http://127.0.0.1:1/webhook"))
    found: dict[str, Any] = remote._action_call_format(tracker, Domain.empty())["tracker"]
    return found


CUSTOM = {"type": "text", "mappings": [{"type": "custom"}]}


def test_it_hears_of_this_turn_and_of_the_slots() -> None:
    before = [UserUttered("one"), ActionExecuted("action_x"), SlotSet("language", "ar")]
    now = [UserUttered("two"), ActionExecuted("form_x"), SlotSet("other", "x")]
    heard = told([*before, *now])
    assert [event["event"] for event in heard["events"]] == ["user", "action", "slot"]
    assert heard["events"][0]["text"] == heard["latest_message"]["text"] == "two"
    assert heard["slots"]["language"] == "ar"
    assert heard["latest_action_name"] == "form_x"


def test_where_nobody_has_written_it_hears_everything() -> None:
    heard = told([ActionExecuted("action_listen"), SlotSet("language", "ar")])
    assert [event["event"] for event in heard["events"]] == ["action", "slot"]
