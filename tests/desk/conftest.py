"""The cast of the desk. Amina asks, Jonas counsels, Petra is a colleague, Ruth supervises,
Edi looks after the texts, Ada after the accounts.
"""

from __future__ import annotations

import itertools
import os
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from django.test import Client
    from playwright.sync_api import Browser, Page

    from desk.models import Conversation, Counsellor, InformationRequest, Team

CHROMIUM = Path("/usr/bin/chromium")
CHROMIUM_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PASSWORD = "correct horse battery staple"
SOON = 10_000
"""Milliseconds in which an open page shows what is new, on a machine that has much else to do; how
long it takes is measured by ``bench/desk.py``. Nothing but being told so makes it show that."""

_numbers = itertools.count(1)


@pytest.fixture(autouse=True)
def knocks(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every knock at the assistant's door; none leaves the test."""
    from desk import wake

    heard: list[str] = []
    monkeypatch.setattr(wake, "_ask", lambda: heard.append("wake"))
    return heard


@pytest.fixture(autouse=True)
def _quick_passwords(settings: Any) -> None:
    """A slow hash protects passwords, and would take half of the time of these tests."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def _fresh_limits(request: pytest.FixtureRequest) -> None:
    from django.core.cache import caches

    caches["process"].clear()
    # Log-in attempts are counted in a table, which is no model's: Django does not empty it.
    if request.node.get_closest_marker("django_db") is not None:
        caches["default"].clear()


def account(name: str, *roles: str) -> Counsellor:
    """A person with an account and these roles."""
    from django.contrib.auth.models import Group

    from desk.models import Counsellor

    made = Counsellor.objects.create_user(
        name, password=PASSWORD, first_name=name.capitalize(), last_name=""
    )
    made.groups.set(Group.objects.filter(name__in=roles))
    assert made.groups.count() == len(roles)
    return made


@pytest.fixture
def jonas(db: None) -> Counsellor:
    return account("jonas", "counsellor")


@pytest.fixture
def petra(db: None) -> Counsellor:
    return account("petra", "counsellor")


@pytest.fixture
def ruth(db: None) -> Counsellor:
    return account("ruth", "supervisor")


@pytest.fixture
def edi(db: None) -> Counsellor:
    return account("edi", "content_editor")


@pytest.fixture
def ada(db: None) -> Counsellor:
    return account("ada", "administrator")


@pytest.fixture
def log_in() -> Callable[[Counsellor | None], Client]:
    """A browser in which somebody (or nobody) is logged in."""
    from django.test import Client

    def make(counsellor: Counsellor | None) -> Client:
        client = Client()
        if counsellor is not None:
            client.force_login(counsellor)
        return client

    return make


def team(name: str, host_country: str = "", *members: Counsellor, hours: str = "") -> Team:
    """A team and who is in it."""
    from desk.models import Team

    made = Team.objects.create(name=name, host_country=host_country, hours=hours)
    made.members.set(members)
    return made


def talk(*, channel: str = "telegram", **changes: Any) -> Conversation:
    """Amina's conversation; each call is another Amina."""
    from desk import mailbox
    from desk.models import Conversation

    made = mailbox.conversation_for(channel, f"amina-{next(_numbers)}")
    values = {"language": "en", "host_country": "CH", "country": "GE", "topic": "housing"}
    Conversation.objects.filter(pk=made.pk).update(**(values | changes))
    return Conversation.objects.get(pk=made.pk)


def said(conversation: Conversation, text: str, **what: Any) -> int:
    """Amina writes; the row waits for whoever has the conversation."""
    from desk import mailbox

    incoming = mailbox.Incoming(
        conversation.channel, conversation.address, f"said:{next(_numbers)}", text=text, **what
    )
    return mailbox.receive(incoming).message_id


def asked(conversation: Conversation | None = None, **changes: Any) -> InformationRequest:
    """A request for information that Amina has sent."""
    from desk import requests
    from desk.models import InformationRequest

    conversation = conversation or talk()
    values: dict[str, Any] = {
        "origin_key": f"origin:{next(_numbers)}",
        "conversation_id": conversation.pk,
        "language": conversation.language,
        "host_country": "CH",
        "country": "GE",
        "topic": "housing",
        "place": "Kutaisi",
        "question": "What does a flat with two rooms cost in Kutaisi?",
    }
    status = requests.open_request(requests.NewRequest(**(values | changes)))
    return InformationRequest.objects.get(reference=status.reference)


def assistant_says(conversation: Conversation, text: str, *buttons: str, language: str = "") -> int:
    """A row that the assistant would have written."""
    from desk.models import Message

    return Message.objects.create(
        conversation=conversation,
        key=f"fake:{next(_numbers)}",
        direction="out",
        author="assistant",
        text=text,
        language=language or conversation.language,
        payload={"buttons": [{"title": one, "payload": f"/{one}"} for one in buttons]},
    ).pk


# --- a real server and a real browser ----------------------------------------------------------


@dataclass(frozen=True)
class Desk:
    """A desk that listens on the loopback interface."""

    url: str


@pytest.fixture
def live_desk(transactional_db: None) -> Iterator[Desk]:
    """The desk under uvicorn, as in production; it shares the test's database file."""
    import uvicorn

    from desk.asgi import application

    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    config = uvicorn.Config(
        application,
        ws="none",
        lifespan="off",
        log_level="error",
        timeout_graceful_shutdown=1,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    _wait_until(lambda: server.started or not thread.is_alive())
    assert thread.is_alive(), "the desk did not start"
    yield Desk(f"http://127.0.0.1:{listener.getsockname()[1]}")
    server.should_exit = True
    thread.join(timeout=20)
    assert not thread.is_alive(), "the desk did not stop"


def _wait_until(ready: Callable[[], bool], seconds: float = 20.0) -> None:
    done = threading.Event()
    for _ in range(int(seconds / 0.02)):
        if ready():
            return
        done.wait(0.02)
    raise AssertionError("waited in vain")


@pytest.fixture
def wait_until() -> Callable[[Callable[[], bool]], None]:
    """Wait for something that another thread does; fails after twenty seconds."""
    return _wait_until


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium; without it browser tests are skipped, on CI they fail.

    For one module: while it runs, Playwright holds an event loop in the test's thread, in which
    an asynchronous test of another module could not run its own.
    """
    if not CHROMIUM.exists():
        reason = f"{CHROMIUM} is missing: apt-get install -y chromium"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    from playwright.sync_api import sync_playwright

    # Playwright keeps an event loop in this thread, and Django would refuse the test's own
    # queries for that reason alone; nothing here runs inside the loop.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(CHROMIUM), args=list(CHROMIUM_ARGUMENTS)
        )
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def open_page(chromium: Browser, live_desk: Desk) -> Iterator[Callable[..., Page]]:
    """A page in a browser of its own; script errors and refused resources fail the test."""
    contexts = []
    faults: list[str] = []

    def make(*, width: int = 1280, height: int = 800, **options: Any) -> Page:
        context = chromium.new_context(
            base_url=live_desk.url,
            viewport={"width": width, "height": height},
            **({"locale": "en-GB"} | options),
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on(
            "console",
            lambda line: faults.append(line.text) if "Content Security" in line.text else None,
        )
        return page

    yield make
    for context in contexts:
        context.close()
    assert faults == []


@pytest.fixture
def log_in_page(open_page: Callable[..., Page]) -> Callable[..., Page]:
    """A browser in which somebody has logged in through the form."""

    def make(counsellor: Counsellor, **options: Any) -> Page:
        page = open_page(**options)
        page.goto("/desk/")
        page.fill("#id_username", counsellor.username)
        page.fill("#id_password", PASSWORD)
        page.click("form.vstack button")
        page.wait_for_selector("#worklist")
        page.wait_for_load_state()  # its scripts, too: a key that is pressed before is lost
        return page

    return make
