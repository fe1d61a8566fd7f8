"""One row as Telegram messages: its parts, its keyboard, and how sending it ended."""

from __future__ import annotations

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions
from telegram.error import TelegramError

from bot.channels.database import Database
from bot.channels.faults import code_of
from bot.channels.telegram_api import Connection
from bot.channels.telegram_faults import Fault, judge
from bot.channels.telegram_journal import Journal, now_sending
from bot.channels.telegram_text import button_title, parts
from desk import mailbox
from desk.mailbox import Delivery, Outcome

# A preview would fetch the address from Telegram's servers and push the text off a small screen.
NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


class Post:
    """Hands rows to the Bot."""

    def __init__(self, database: Database, connection: Connection, journal: Journal) -> None:
        self._database = database
        self._bot = connection.bot
        self._traces = connection.traces
        self._journal = journal

    async def send(self, delivery: Delivery) -> tuple[str, Fault]:
        """Send all parts of a row; Telegram's id of the last one, and how it ended."""
        pieces = parts(delivery.text)
        external_id = ""
        for number, piece in enumerate(pieces):
            if number < delivery.parts_sent:
                continue
            is_last = number == len(pieces) - 1
            entry = f"{delivery.message_id}:{delivery.attempt}:{number}"
            now_sending.set(entry)
            if not self._traces:
                self._journal.begins(entry)
            try:
                sent = await self._bot.send_message(
                    int(delivery.address),
                    piece,
                    reply_markup=keyboard(delivery) if is_last else None,
                    link_preview_options=NO_PREVIEW,
                )
                external_id = str(sent.message_id)
                fault = Fault(Outcome.SENT, "")
            except TelegramError as error:
                fault = judge(error)
            except Exception as error:  # noqa: BLE001 - outermost edge: perhaps it was sent
                return "", Fault(Outcome.UNKNOWN, code_of(error))
            if is_last:
                return external_id, fault
            if fault.outcome is Outcome.UNKNOWN:
                # This part may have arrived; the others surely not, so they follow a little later.
                await self._database(mailbox.record_part, delivery, number + 1)
                return "", Fault(Outcome.RETRY, fault.code)
            if fault.outcome is not Outcome.SENT:
                return "", fault
            await self._database(mailbox.record_part, delivery, number + 1)
        # Every part had gone out before, and only settling was interrupted.
        return external_id, Fault(Outcome.SENT, "")


def keyboard(delivery: Delivery) -> InlineKeyboardMarkup | None:
    """One button a row: whole words on a small screen, and no order to get wrong in Arabic."""
    if not delivery.buttons:
        return None
    return InlineKeyboardMarkup(
        [
            [InlineKeyboardButton(button_title(title), callback_data=button_id)]
            for button_id, title in delivery.buttons
        ]
    )
