"""What is no text: a file, a voice note, a place, a button of a conversation that is gone."""

from __future__ import annotations

from actions.offices import say_nearest
from actions.people import say_waiting
from actions.turn import Turn, Voice
from desk.mailbox.files import limits_in_words, offered, show

VOICES = ("voice", "audio")
FILES = (*VOICES, "photo", "document")
"""What a person here can look at or listen to."""
PLACES = ("location", "venue")
SHOW = "show"
"""The button below a file: the person agrees that a counsellor sees it."""
ANSWERS = {
    "contact": "utter_media_contact",
    "expired_button": "utter_button_expired",
}


def answer_media(turn: Turn, voice: Voice) -> bool:
    """Say what we can do with it; False when the message is something else."""
    media = turn.entity("media")
    if not media:
        return False
    if media == SHOW:
        _show(turn, voice)
    elif media in FILES:
        _offer(media, turn, voice)
    elif media in PLACES:
        say_nearest(turn, voice)
    else:
        voice.say(ANSWERS.get(media, "utter_media_other"))
    return True


def _offer(media: str, turn: Turn, voice: Voice) -> None:
    """We can't look or listen, a person can: nothing is fetched before the button is pressed."""
    found = offered(turn.conversation_id, _row(turn.message_id))
    if found.refused or not found.taken:
        voice.say("utter_file_refused", **limits_in_words(voice.language))
    if found.taken:
        key = "utter_media_voice" if media in VOICES else "utter_media_file"
        agree = voice.button("show_person", "inform", media=SHOW, value=turn.message_id)
        voice.say(key, agree, voice.button("human", "request_human"))


def _show(turn: Turn, voice: Voice) -> None:
    shown = show(
        turn.conversation_id,
        _row(turn.entity("value")),
        writing_request=turn.form == "request_form",
        reference=turn.slot("addition_reference") if turn.form == "addition_form" else "",
    )
    if not shown.goes_to:
        voice.say("utter_button_expired")
    elif shown.reference:
        voice.say("utter_file_with_request", reference=shown.reference)
    elif shown.goes_to == "draft":
        voice.say("utter_file_with_draft")
    else:
        voice.say("utter_file_shown")
        if not shown.is_live:
            say_waiting(turn, voice)


def _row(message_id: str) -> int:
    """The row of a message; none has the number 0."""
    return int(message_id) if message_id.isdecimal() and len(message_id) < 19 else 0
