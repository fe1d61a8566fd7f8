"""The question below an answer that has arrived: did it help? One tap answers it."""

from __future__ import annotations

from desk.models import InformationRequest, Message, Rating
from desk.outbox import Outgoing, reader_language, send
from wegweiser.texts import response

KIND = "rating"
"""The kind of the message that asks."""


def ask_rating(request: InformationRequest, answer: Message) -> None:
    """Ask below an answer that has arrived whether it helped; once for each answer.

    Call it in the transaction that settles the answer.
    """
    text = response(reader_language(request), "utter_rating_ask", {"reference": request.reference})
    buttons = tuple(
        (
            f"rate_{value}",
            f'/check_request{{"reference": "{request.reference}", "answer": "rate_{value}"}}',
        )
        for value in Rating.Value.values
    )
    send(Outgoing(request.conversation, f"rate:{answer.pk}", text, kind=KIND, buttons=buttons))
