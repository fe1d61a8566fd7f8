"""The steps of a return in words: what the picture says (``wegweiser.pictures``)."""

from __future__ import annotations

from wegweiser.texts import word
from wegweiser.wording import number

STEPS = ("talk", "fits", "apply", "prepare", "travel", "arrive")


def steps_in_words(language: str) -> str:
    """What the picture says, for people who can't see it: title, numbered steps, note."""
    steps = [
        f"{number(place, language)}. {word(language, f'steps.{step}')}"
        for place, step in enumerate(STEPS, 1)
    ]
    return "\n".join([word(language, "steps.title"), "", *steps, "", word(language, "steps.note")])
