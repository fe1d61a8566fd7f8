"""What is no text: a voice note, a picture, a place, a button of a conversation that is gone."""

from __future__ import annotations

from actions.turn import Turn, Voice

ANSWERS = {
    "voice": "utter_media_voice",
    "audio": "utter_media_voice",
    "video_note": "utter_media_voice",
    "photo": "utter_media_file",
    "document": "utter_media_file",
    "video": "utter_media_file",
    "location": "utter_media_location",
    "venue": "utter_media_location",
    "expired_button": "utter_button_expired",
}


def answer_media(turn: Turn, voice: Voice) -> bool:
    """Say what we can do with it; False when the message is something else."""
    media = turn.entity("media")
    if not media:
        return False
    voice.say(ANSWERS.get(media, "utter_media_other"))
    return True
