"""The possible answers to a question of the check, as words for buttons and values."""

from __future__ import annotations

from actions.facts import in_words
from actions.turn import UNKNOWN, Turn
from programmes import FACTS, NEVER_ASKED
from wegweiser.texts import button, texts
from wegweiser.wording import months, number

ASKED = tuple(name for name in FACTS if name not in NEVER_ASKED)
STATUSES = {
    "CH": (
        "asylum_pending",
        "asylum_rejected",
        "temporarily_admitted",
        "temporary_protection",
        "protected",
        "residence_permit",
        "undocumented",
    ),
    "DE": (
        "asylum_pending",
        "tolerated",
        "asylum_rejected",
        "protected",
        "temporary_protection",
        "residence_permit",
        "undocumented",
    ),
}
"""Statuses offered as buttons, the commonest first; "tolerated" exists in Germany only."""
PLACES = ("federal_centre", "airport_transit", "canton")
MONTHS = (3, 6, 12, 24, 60)
MOST_MINORS = 4


def choices(fact: str, turn: Turn, language: str) -> list[tuple[str, str]]:
    """(title, value) of each answer that can be pressed; empty where only words will do."""
    if fact == "host_country":
        return [(button(language, "switzerland"), "CH"), (button(language, "germany"), "DE")]
    if fact == "status":
        return [(_status(one, turn, language), one) for one in STATUSES.get(turn.host, ())]
    if fact == "place":
        return [(button(language, one), one) for one in PLACES]
    if fact == "destination" and turn.slot("nationality") not in ("", UNKNOWN):
        home = turn.slot("nationality")
        return [(in_words(language, "nationality", home), home)]
    if FACTS[fact].kind == "flag":
        return [(button(language, "yes"), "true"), (button(language, "no"), "false")]
    if fact == "adults":
        return [(number(one, language), str(one)) for one in (1, 2)]
    if fact == "minors":
        return [(number(one, language), str(one)) for one in range(MOST_MINORS + 1)]
    if FACTS[fact].kind == "count":
        return [(months(one, language), str(one)) for one in MONTHS]
    return []


def _status(status: str, turn: Turn, language: str) -> str:
    """The button of a status; some are called differently in the two countries."""
    here = f"status_{status}_{turn.host.lower()}"
    return button(language, here if here in texts(language).buttons else f"status_{status}")
