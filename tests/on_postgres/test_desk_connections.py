"""A desk takes few connections of the database, however many pages are open."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator
from urllib.parse import urlsplit, urlunsplit

import httpx
import pytest
from asgiref.sync import sync_to_async
from django.db import connection
from django.test import Client

from desk.bounds import MOST_CONNECTIONS
from tests.desk.conftest import account
from tests.system.running import free_port
from wegweiser.settings import ROOT

pytestmark = pytest.mark.django_db(transaction=True)

OPEN_PAGES = 30
LISTS_AT_ONCE = 60
LISTENING = 1
LOOKS = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND application_name = 'desk'
"""


@pytest.fixture
def desk() -> Iterator[str]:
    """A desk's own process on the test database."""
    port = free_port()
    named = urlsplit(os.environ["DATABASE_URL"])
    url = urlunsplit(named._replace(path=f"/{connection.settings_dict['NAME']}"))
    child = subprocess.Popen(
        [sys.executable, "-m", "desk"],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": url, "DESK_PORT": str(port), "PGAPPNAME": "desk"},
    )
    yield f"http://127.0.0.1:{port}"
    child.terminate()
    child.wait(30)


async def until_up(browser: httpx.AsyncClient) -> None:
    for _ in range(300):
        try:
            if (await browser.get("/health")).status_code == 200:
                return
        except httpx.HTTPError:
            pass
        await asyncio.sleep(0.1)
    raise AssertionError("the desk did not start")


async def stream(browser: httpx.AsyncClient, opened: asyncio.Semaphore) -> None:
    async with browser.stream("GET", "/desk/events") as events:
        async for _ in events.aiter_lines():
            opened.release()
            await asyncio.Event().wait()


def connections() -> int:
    with connection.cursor() as cursor:
        cursor.execute(LOOKS)
        return int(cursor.fetchone()[0])


async def everybody_looks(address: str, session: str) -> tuple[int, list[int]]:
    """Connections with all pages open and nothing to do; then what all lists at once are told."""
    async with httpx.AsyncClient(
        base_url=address,
        cookies={"sessionid": session},
        limits=httpx.Limits(max_connections=None),
        timeout=60,
        trust_env=False,
    ) as browser:
        await until_up(browser)
        opened = asyncio.Semaphore(0)
        pages = [asyncio.create_task(stream(browser, opened)) for _ in range(OPEN_PAGES)]
        for _ in pages:
            await asyncio.wait_for(opened.acquire(), 30)
        idle = await sync_to_async(connections)()
        answers = await asyncio.gather(*(browser.get("/desk/list") for _ in range(LISTS_AT_ONCE)))
        for page in pages:
            page.cancel()
        await asyncio.gather(*pages, return_exceptions=True)
    return idle, [answer.status_code for answer in answers]


def test_open_pages_hold_no_connection_and_lists_share_few(desk: str) -> None:
    browser = Client()
    browser.force_login(account("jonas", "counsellor"))
    session = browser.cookies["sessionid"].value
    idle, told = asyncio.run(everybody_looks(desk, session))
    assert told == [200] * LISTS_AT_ONCE
    assert 0 < idle <= MOST_CONNECTIONS + LISTENING
    assert 0 < connections() <= MOST_CONNECTIONS + LISTENING
