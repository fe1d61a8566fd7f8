"""The desk under 50 open lists: what it costs, and how soon a message is on a screen.

Listeners do what the pages' scripts do: hold an event stream, wait a little when it says
"changed", fetch what they show.
"""

from __future__ import annotations

import asyncio
import os
import random
import socket
import subprocess
import sys
import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from asgiref.sync import sync_to_async

from bench.figures import quantile

MESSAGE_EVERY_S = 1.0
REQUEST_EVERY_S = 10.0


@dataclass
class Screens:
    """What has been written, when, and how long until a screen showed it."""

    written: dict[str, float] = field(default_factory=dict)
    at_desk: list[float] = field(default_factory=list)
    at_chat: list[float] = field(default_factory=list)
    lists: int = 0


def measure_live(seconds: int) -> None:
    """Start the desk, open the lists, let people write, and print the figures."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    desk = subprocess.Popen(
        [sys.executable, "-m", "desk"], env=os.environ | {"DESK_PORT": str(port)}
    )
    try:
        asyncio.run(_run(f"http://127.0.0.1:{port}", desk.pid, seconds))
    finally:
        desk.terminate()
        desk.wait(20)


async def _run(address: str, pid: int, seconds: int) -> None:
    from desk.models import Conversation, Counsellor

    counsellors = [one async for one in Counsellor.objects.order_by("pk")]
    on_the_web = Conversation.objects.filter(handled_by__isnull=False, channel="web")
    held = [one async for one in on_the_web.order_by("pk")]
    cookies = [await sync_to_async(_session)(one) for one in counsellors]
    screens = Screens()
    # No line is kept: the server closes idle ones, now and then just as one is used again.
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=0)
    async with httpx.AsyncClient(
        base_url=address, timeout=60, limits=limits, trust_env=False
    ) as client:
        await _until_up(client)
        visitor = await _visitor(client)
        lists = [_list(client, one, screens) for one in cookies]
        threads = [_thread(client, cookies[0], one.pk, screens) for one in held[:5]]
        tasks = [
            asyncio.create_task(one) for one in (*lists, *threads, _chat(client, visitor, screens))
        ]
        while screens.lists < len(cookies):  # noqa: ASYNC110 - each has been fetched once
            await asyncio.sleep(0.5)
        await asyncio.sleep(3)
        fetched, used, began = screens.lists, _cpu(pid), time.monotonic()
        await _write(held, visitor, counsellors[1], screens, seconds)
        took = time.monotonic() - began
        cores = (_cpu(pid) - used) / took
        await asyncio.sleep(3)
        for task in tasks:
            task.cancel()
        for failed in await asyncio.gather(*tasks, return_exceptions=True):
            if isinstance(failed, Exception):
                raise failed
    print(f"{len(cookies)} open lists, a message every {MESSAGE_EVERY_S:g} s, a request every")
    print(
        f"{REQUEST_EVERY_S:g} s, {took:.0f} s long: {cores:.2f} cores, "
        f"{(screens.lists - fetched) / took:.1f} lists fetched a second"
    )
    for name, taken in (("message to the counsellor's screen", screens.at_desk),
                        ("reply to the person's chat", screens.at_chat)):  # fmt: skip
        shares = ", ".join(f"p{s * 100:g} {quantile(taken, s):.2f} s" for s in (0.5, 0.95, 1))
        print(f"{name}: {shares} ({len(taken)})")


def _session(counsellor: Any) -> dict[str, str]:
    from django.test import Client

    client = Client()
    client.force_login(counsellor)
    return {"sessionid": client.cookies["sessionid"].value}


async def _until_up(client: httpx.AsyncClient) -> None:
    for _ in range(200):
        try:
            if (await client.get("/health")).status_code == 200:
                return
        except httpx.HTTPError:
            pass
        await asyncio.sleep(0.1)
    raise RuntimeError("the desk did not start")


async def _visitor(client: httpx.AsyncClient) -> tuple[dict[str, str], str]:
    """(cookies of somebody on the chat page, their conversation)."""
    from desk.models import Conversation

    talks = Conversation.objects.filter(channel="web")
    known = {pk async for pk in talks.values_list("pk", flat=True)}
    page = await client.get("/chat/")
    cookies = dict(page.cookies)
    client.cookies.clear()
    form = {"csrfmiddlewaretoken": cookies.get("csrftoken", ""), "client_id": str(uuid.uuid4()),
            "text": "Hello"}  # fmt: skip
    sent = await client.post("/chat/send", data=form, cookies=cookies,
                             headers={"X-CSRFToken": cookies.get("csrftoken", "")})  # fmt: skip
    assert sent.status_code < 400, sent.text
    client.cookies.clear()
    new = Conversation.objects.filter(channel="web").exclude(pk__in=known)
    return cookies, (await sync_to_async(new.get)()).pk


async def _changes(client: httpx.AsyncClient, address: str, cookies: dict[str, str]) -> Any:
    """Yields when the stream says "changed"; many at once are one."""
    changed = asyncio.Event()
    spread = [0.0]

    async def listen() -> None:
        while True:
            async with client.stream("GET", address, cookies=cookies) as stream:
                async for line in stream.aiter_lines():
                    if line.startswith("data:"):
                        spread[0] = int(line[5:] or 0) / 1000
                        changed.set()

    listening = asyncio.create_task(listen())
    try:
        while True:
            await changed.wait()
            await asyncio.sleep(0.1 + random.random() * (0.3 + spread[0]))
            changed.clear()
            yield None
            if spread[0]:
                await asyncio.sleep(2 * spread[0])
    finally:
        listening.cancel()


async def _list(client: httpx.AsyncClient, cookies: dict[str, str], screens: Screens) -> None:
    seen = ""
    async for _ in _changes(client, "/desk/events", cookies):
        page = await client.get("/desk/list", params={"seen": seen}, cookies=cookies)
        page.raise_for_status()
        seen = page.text.partition('data-seen="')[2].partition('"')[0]
        screens.lists += 1


async def _thread(
    client: httpx.AsyncClient, cookies: dict[str, str], conversation: str, screens: Screens
) -> None:
    address = f"/desk/events?conversation={conversation}"
    async for _ in _changes(client, address, cookies):
        page = await client.get(f"/desk/conversations/{conversation}/thread", cookies=cookies)
        page.raise_for_status()
        _shown(page.text, screens, screens.at_desk)


async def _chat(
    client: httpx.AsyncClient, visitor: tuple[dict[str, str], str], screens: Screens
) -> None:
    async for _ in _changes(client, "/chat/events", visitor[0]):
        page = await client.get("/chat/messages", cookies=visitor[0])
        page.raise_for_status()
        _shown(page.text, screens, screens.at_chat)


def _shown(html: str, screens: Screens, taken: list[float]) -> None:
    now = time.monotonic()
    arrived = [mark for mark in screens.written if mark in html]
    taken.extend(now - screens.written.pop(mark) for mark in arrived)


async def _write(
    held: list[Any],
    visitor: tuple[dict[str, str], str],
    counsellor: Any,
    screens: Screens,
    seconds: int,
) -> None:
    """People write, counsellors reply, requests come, evenly."""
    from desk import conversations, mailbox, requests

    await sync_to_async(conversations.do_take_over)(counsellor, visitor[1])
    ends, next_request, turn = time.monotonic() + seconds, time.monotonic() + REQUEST_EVERY_S, 0
    while time.monotonic() < ends:
        turn += 1
        mark = uuid.uuid4().hex
        if turn % 3 == 0:
            await sync_to_async(conversations.do_write)(
                counsellor, visitor[1], key=f"bench:{mark}", text=mark
            )
        else:
            one = held[turn % 5]
            incoming = mailbox.Incoming(one.channel, one.address, f"bench:{mark}", text=mark)
            await sync_to_async(mailbox.receive)(incoming)
        screens.written[mark] = time.monotonic()
        if time.monotonic() > next_request:
            next_request += REQUEST_EVERY_S
            await sync_to_async(requests.open_request)(
                requests.NewRequest(
                    f"bench:{uuid.uuid4()}", held[0].pk, "ti", "CH", "housing", "Insulin?", "ER"
                )
            )
        await asyncio.sleep(MESSAGE_EVERY_S)


def _cpu(pid: int) -> float:
    """Seconds of processor time that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
