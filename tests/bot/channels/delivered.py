"""What became of the messages that went out."""

from __future__ import annotations

from typing import Any

from desk.models import Message
from tests.telegram_server import TelegramServer


async def states(runtime: Any) -> dict[str, str]:
    def look() -> dict[str, str]:
        rows = Message.objects.filter(direction="out").order_by("id")
        return {row.text: f"{row.state} {row.error}".strip() for row in rows}

    found: dict[str, str] = await runtime.database(look)
    return found


async def settled(runtime: Any, count: int = 1) -> dict[str, str]:
    async def are_settled() -> bool:
        found = await states(runtime)
        moving = [state for state in found.values() if state.startswith(("waiting", "sending"))]
        return len(found) >= count and not moving

    await TelegramServer().until_async(are_settled, 20)
    return await states(runtime)
