"""``python -m tools.pictures``: takes every picture that README and docs name.

Starts bot, actions and desk on a database of their own, fills it, talks to the assistant on the
chat page, and photographs both sides with Chromium.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import secrets
import subprocess
import sys
import tempfile
from pathlib import Path

from cryptography.fernet import Fernet
from playwright.async_api import Browser, async_playwright

from tools.pictures import chat, desk, office
from tools.pictures.camera import Camera

ROOT = Path(__file__).parent.parent.parent
PICTURES = ROOT / "docs" / "pictures"
CHROMIUM = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
FILL = "import json; from tools.pictures.database import fill; print(json.dumps(fill({!r})))"
UV = [".tools/bin/uv", "run", "--quiet", "--script"]


def settings_of_its_own() -> None:
    """Whatever is in ``.env`` here, the pictures are the same everywhere."""
    os.environ.update(
        SECRET_KEY=secrets.token_urlsafe(40),
        LOOKUP_KEY=secrets.token_urlsafe(40),
        FIELD_ENCRYPTION_KEYS=Fernet.generate_key().decode(),
        DESK_URL="",
        DESK_SECOND_FACTOR="offered",
        OPERATOR_NAME="",
        # Named on the page, and asked nothing.
        TRANSLATE_URL="https://translate.example.org",
    )


def named() -> set[str]:
    """The pictures in the documents."""
    texts = [path.read_text("utf-8") for path in (ROOT / "README.md", *ROOT.glob("docs/*.md"))]
    return {name for text in texts for name in re.findall(r"pictures/([\w-]+)\.png", text)}


async def take_all(
    browser: Browser, address: str, password: str, found: dict[str, str]
) -> set[str]:
    """Every picture; what happens in one is there in the next. Returns their names."""
    camera = Camera(browser, address, password, PICTURES)
    await (await chat.money(camera, "en")).context.close()
    await desk.talk(camera, await chat.money(camera, "ar"))
    await desk.work_list(camera)
    await desk.request(camera, found["insulin"])
    sheet = await desk.sheet(camera, found["translated"])
    camera.keep("desk-sheet", await asyncio.to_thread(drawn, sheet))
    asks, reference = await chat.question(camera)
    await desk.answer(camera, reference)
    await chat.rating(camera, asks)
    await office.archive(camera, found["private"], found["proposed"])
    await office.supervisor(camera, found["insulin"])
    await office.canned(camera)
    await office.not_arrived(camera, found["not_arrived"])
    await office.accounts(camera)
    return camera.taken


def drawn(pdf: bytes) -> bytes:
    """A PDF as a PNG."""
    script = [*UV, str(Path(__file__).with_name("paper.py"))]
    return subprocess.run(script, cwd=ROOT, input=pdf, stdout=subprocess.PIPE, check=True).stdout


async def main() -> int:
    """Everything, one after the other; not 0 when the documents name other pictures."""
    from tests.system.running import Wegweiser
    from tests.telegram_server import TelegramServer

    PICTURES.mkdir(parents=True, exist_ok=True)
    password = secrets.token_urlsafe(12)
    with tempfile.TemporaryDirectory(prefix="wegweiser-pictures-") as folder:
        async with TelegramServer() as telegram, async_playwright() as playwright:
            running = Wegweiser(Path(folder), telegram)
            running.manage("migrate", "--verbosity", "0")
            told = running.manage("shell", "--no-imports", "-c", FILL.format(password))
            running.start()
            try:
                await running.ready()
                browser = await playwright.chromium.launch(
                    executable_path="/usr/bin/chromium", args=CHROMIUM
                )
                found = json.loads(told.splitlines()[-1])
                taken = await take_all(browser, running.desk, password, found)
                await browser.close()
            finally:
                running.kill()
    wrong = taken ^ named()
    print(f"{len(taken)} pictures", *(f"in only one of both: {name}" for name in sorted(wrong)))
    return 1 if wrong else 0


if __name__ == "__main__":
    settings_of_its_own()
    sys.exit(asyncio.run(main()))
