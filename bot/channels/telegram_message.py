"""One row as Telegram messages: its parts, its keyboard, and how sending it ended."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from typing import Any

from telegram import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    Message,
    ReplyParameters,
)
from telegram.error import BadRequest, TelegramError

from bot.channels.faults import code_of
from bot.channels.telegram_api import Connection
from bot.channels.telegram_faults import Fault, judge
from bot.channels.telegram_journal import now_sending
from bot.channels.telegram_settle import Settling
from bot.channels.telegram_text import button_title, directed, parts, units
from desk import mailbox
from desk.mailbox import Delivery, Outcome
from wegweiser.pictures import steps_name, steps_picture
from wegweiser.texts import all_languages

logger = logging.getLogger(__name__)

# A preview would fetch the address from Telegram's servers and push the text off a small screen.
NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
MAX_CAPTION = 1024
PICTURE, VENUE = "picture", "venue"


class Post:
    """Hands rows to the Bot.

    Texts go out as they are, without a parse mode: nothing in them can become formatting.
    """

    def __init__(self, settling: Settling, connection: Connection) -> None:
        self._settling = settling
        self._bot = connection.bot
        self._uploaded: dict[str, str] = {}
        """Pictures that Telegram has already, by name."""

    async def send(self, delivery: Delivery) -> tuple[str, Fault]:
        """Send all parts of a row; Telegram's id of the last one, and how it ended.

        Raises:
            LostClaim: another sender has the row by now, so that the rest is theirs.
        """
        external_id, fault = await self._pictured_or_in_words(delivery)
        if fault.perhaps_taken:
            await self._settling.surely(delivery, mailbox.record_twice, delivery, fault.code)
        if fault.outcome is Outcome.SENT and delivery.twice:
            fault = replace(fault, code=f"perhaps twice ({delivery.twice})")
        return external_id, fault

    async def _pictured_or_in_words(self, delivery: Delivery) -> tuple[str, Fault]:
        if delivery.kind in (PICTURE, VENUE) and not delivery.parts_sent:
            external_id, fault = await self._whole(delivery)
            if fault.outcome is not Outcome.REFUSED:
                return external_id, fault
            # Not accepted as a picture or a place on a map: the words remain.
            logger.warning("delivery.as_text message=%s", delivery.message_id)
        return await self._in_words(delivery)

    async def _in_words(self, delivery: Delivery) -> tuple[str, Fault]:
        pieces = parts(directed(delivery.text, rtl=is_rtl(delivery.language)))
        external_id = ""
        for number, piece in enumerate(pieces):
            if number < delivery.parts_sent:
                continue
            is_last = number == len(pieces) - 1
            external_id, fault = await self._part(delivery, number, piece, is_last=is_last)
            in_doubt = fault.outcome is Outcome.UNKNOWN
            if fault.outcome is not Outcome.SENT and (is_last or not in_doubt):
                return "", fault
            if not is_last:
                await self._settling.surely(
                    delivery, mailbox.record_part, delivery, number + 1, doubt=fault.code
                )
            if in_doubt:
                # This part may have arrived; the others surely not, so they follow a little later.
                return "", replace(fault, outcome=Outcome.RETRY)
        # Also when every part had gone out before, and only settling was interrupted.
        if delivery.doubt:
            return external_id, Fault(Outcome.UNKNOWN, delivery.doubt)
        return external_id, Fault(Outcome.SENT, "")

    async def _part(
        self, delivery: Delivery, number: int, piece: str, *, is_last: bool
    ) -> tuple[str, Fault]:
        _now(delivery, number)
        try:
            sent = await self._bot.send_message(
                int(delivery.address),
                piece,
                reply_markup=keyboard(delivery) if is_last else None,
                link_preview_options=NO_PREVIEW,
                reply_parameters=_reply(delivery) if number == 0 else None,
            )
        except TelegramError as error:
            return "", judge(error)
        except Exception as error:  # noqa: BLE001 - outermost edge: perhaps it was sent
            return "", Fault(Outcome.UNKNOWN, code_of(error))
        return str(sent.message_id), Fault(Outcome.SENT, "")

    async def _whole(self, delivery: Delivery) -> tuple[str, Fault]:
        """A picture or a place: one message. Refused is what Telegram does not take as one."""
        try:
            ready = await self._ready(delivery)
        except Exception as error:  # noqa: BLE001 - not drawn, so not sent: the words are enough
            logger.error("picture.failed message=%s error=%s", delivery.message_id, code_of(error))
            return "", Fault(Outcome.REFUSED, "not drawn")
        _now(delivery, 0)
        try:
            sent = await (
                self._picture(delivery, ready)
                if delivery.kind == PICTURE
                else self._bot.send_venue(int(delivery.address), **ready)
            )
        except TelegramError as error:
            return "", judge(error)
        except Exception as error:  # noqa: BLE001 - outermost edge: perhaps it was sent
            return "", Fault(Outcome.UNKNOWN, code_of(error))
        return str(sent.message_id), Fault(Outcome.SENT, "")

    async def _ready(self, delivery: Delivery) -> dict[str, Any]:
        """Everything that can go wrong on our side, before anything is sent."""
        if delivery.kind == VENUE:
            place = {name: float(delivery.data[name]) for name in ("latitude", "longitude")}
            words = {name: str(delivery.data[name]) for name in ("title", "address")}
            return place | words | {"reply_markup": keyboard(delivery)}
        language = str(delivery.data.get("language") or delivery.language)
        name = steps_name(language)
        caption = directed(delivery.text, rtl=is_rtl(language))
        if units(caption) > MAX_CAPTION:
            raise ValueError("the words below the picture are too long")
        photo: str | bytes | None = self._uploaded.get(name)
        if photo is None:
            # Drawn in a thread: sending goes on meanwhile.
            drawn = await asyncio.to_thread(steps_picture, language)
            photo = await asyncio.to_thread(drawn.path.read_bytes)
        return {"name": name, "photo": photo, "caption": caption}

    async def _picture(self, delivery: Delivery, ready: dict[str, Any]) -> Message:
        name: str = ready["name"]
        try:
            sent = await self._bot.send_photo(
                int(delivery.address),
                ready["photo"],
                caption=ready["caption"],
                filename=name,
                reply_markup=keyboard(delivery),
            )
        except BadRequest:
            self._uploaded.pop(name, None)
            raise
        if sent.photo:
            self._uploaded[name] = sent.photo[-1].file_id
        return sent


def is_rtl(language: str) -> bool:
    """Whether a language is written from right to left."""
    return any(one.rtl for one in all_languages() if one.code == language)


def keyboard(delivery: Delivery) -> InlineKeyboardMarkup | None:
    """One button a row: whole words on a small screen, and no order to get wrong in Arabic."""
    if not delivery.buttons:
        return None
    rtl = is_rtl(delivery.language)
    return InlineKeyboardMarkup(
        [
            [InlineKeyboardButton(button_title(title, rtl=rtl), callback_data=button_id)]
            for button_id, title in delivery.buttons
        ]
    )


def _reply(delivery: Delivery) -> ReplyParameters | None:
    """The answer to an edited message points at it: it may stand far above by now."""
    number = str(delivery.data.get("reply_to") or "")
    if not number.isdecimal():
        return None
    return ReplyParameters(int(number), allow_sending_without_reply=True)


def _now(delivery: Delivery, number: int) -> None:
    """What this task sends next, for the journal."""
    now_sending.set(f"{delivery.message_id}:{delivery.attempt}:{number}")
