"""Before a question is sent: answers of before that may help, and whether they do.

They are looked for once the last part of the question is known. Neither answer loses anything:
"yes" keeps the question, which may still be sent, and the other goes on to its reading back.
"""

from __future__ import annotations

from actions.turn import UNKNOWN, Turn, Voice
from desk.archive import Asked, Offer, offers
from wegweiser.texts import all_languages
from wegweiser.wording import day

QUESTION = "archive"
"""The name of this question in the interview of a request."""
BUTTON = "request_archive"
HELPED = "helped"
"""What ``request_confirmed`` is when nothing is to be sent for now."""
GO_ON = "send"
LOOKED_FOR_AFTER = ("country", "topic", "text", "share")
"""Questions whose answer can have changed what is found."""


def goes_on(turn: Turn) -> bool:
    """Whether "my question all the same" was pressed."""
    return _pressed(turn) == GO_ON


def offer(turn: Turn, voice: Voice) -> bool:
    """Show what was answered before and ask whether it helps; False where there is nothing."""
    if turn.slot("request_question") not in LOOKED_FOR_AFTER or _pressed(turn):
        return False
    country = turn.slot("request_country")
    asked = Asked(
        question=turn.slot("request_text"),
        host_country=turn.host,
        topic=turn.slot("request_topic"),
        language=voice.language,
        country="" if country == UNKNOWN else country,
    )
    found = offers(asked, turn.today)
    for one in found:
        _show(one, voice)
    if found:
        voice.say("utter_archive_ask", *_buttons(voice))
    return bool(found)


def _show(one: Offer, voice: Voice) -> None:
    # Not "text": with that the dispatcher would say the answer alone, without its date.
    values = {
        "answer": f"– {one.question}\n\n{one.text}" if one.question else one.text,
        "date": day(one.valid_as_of, voice.language),
    }
    if one.language == voice.language:
        voice.say("utter_archive_answer", **values)
        return
    own = {language.code: language.name for language in all_languages()}
    voice.say("utter_archive_answer_other", language=own.get(one.language, ""), **values)


def _buttons(voice: Voice) -> list[dict[str, str]]:
    return [
        voice.button("archive_helps", "inform", question=BUTTON, answer=HELPED),
        voice.button("archive_go_on", "inform", question=BUTTON, answer=GO_ON),
    ]


def read(question: str, turn: Turn) -> dict[str, str | None] | None:
    """What the person says to it; None when the message is about something else."""
    answer = _pressed(turn)
    if not answer and question == QUESTION and not turn.is_button:
        answer = {"affirm": HELPED, "deny": GO_ON}.get(turn.intent, "")
    if answer == HELPED:
        return {"request_confirmed": HELPED}
    return {} if answer == GO_ON else None


def say_kept(voice: Voice) -> None:
    """Nothing was sent, and it may still be."""
    go_on = voice.button("archive_go_on", "inform", question=BUTTON, answer=GO_ON)
    voice.say("utter_archive_helped", go_on, voice.button("human", "request_human"))


def _pressed(turn: Turn) -> str:
    return turn.entity("answer") if turn.entity("question") == BUTTON else ""
