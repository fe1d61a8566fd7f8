"""What became of every message: answered once, perhaps, never, twice, or in the wrong order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

MOVING = ("waiting", "sending")
PERHAPS_TWICE = "perhaps twice"


@dataclass(frozen=True)
class Row:
    """One row of the mailbox, as far as it matters here."""

    id: int
    person: str
    is_answer: bool
    key: str
    text: str
    state: str
    answers_to: int | None = None
    external_id: str = ""
    error: str = ""


@dataclass(frozen=True)
class Arrived:
    """One message that reached a person."""

    message_id: str
    text: str


@dataclass
class Count:
    """The figures of a run; the lists name what went wrong by person and row."""

    said: int = 0
    answers: int = 0
    once: int = 0
    perhaps_arrived: int = 0
    """Marked as unknown; it did arrive."""
    perhaps_lost: int = 0
    """Marked as unknown; it did not arrive."""
    marked_twice: int = 0
    """Marked as perhaps sent twice; it did arrive twice."""
    set_aside: Counter[str] = field(default_factory=Counter)
    """By the reason: answered with an apology and a way to a human."""
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    out_of_order: list[str] = field(default_factory=list)

    @property
    def is_good(self) -> bool:
        return not (self.lost or self.doubled or self.out_of_order)


def count(
    said: Mapping[str, Sequence[str]],
    rows: Iterable[Row],
    arrived: Mapping[str, Sequence[Arrived]],
) -> Count:
    """Compare what people said, what is stored and what arrived.

    Args:
        said: the keys of what each person said, in order.
        rows: all rows, in the order of their ids.
        arrived: what each person received, in order. A person without an entry reads a page that
            shows rows by their ids: what is "sent" has arrived, and can't have twice.
    """
    found = Count(said=sum(map(len, said.values())))
    by_person: dict[str, list[Row]] = {person: [] for person in said}
    for row in rows:
        by_person[row.person].append(row)
    for person, keys in said.items():
        incoming = {row.key: row for row in by_person[person] if not row.is_answer}
        answers = [row for row in by_person[person] if row.is_answer]
        _look_at_turns(found, person, [incoming.get(key) for key in keys], answers)
        if person in arrived:
            _look_at_telegram(found, person, answers, arrived[person])
        else:
            for row in answers:
                _tell(found, person, row, row.state == "sent")
    return found


def _look_at_turns(
    found: Count, person: str, incoming: Sequence[Row | None], answers: Sequence[Row]
) -> None:
    answered = Counter(row.answers_to for row in answers)
    for number, row in enumerate(incoming):
        if row is None or row.state not in ("done", "set_aside") or not answered[row.id]:
            found.lost.append(f"{person}: message {number} was not answered")
        elif row.state == "set_aside":
            found.set_aside[row.error or "crashes"] += 1
    order = [row.answers_to for row in answers if row.answers_to is not None]
    if order != sorted(order):
        found.out_of_order.append(f"{person}: answered in another order than asked")
    texts = Counter(row.text for row in answers if row.text.startswith("echo "))
    found.doubled += [f"{person}: {text!r} was written twice" for text in texts if texts[text] > 1]


def _look_at_telegram(
    found: Count, person: str, answers: Sequence[Row], arrived: Sequence[Arrived]
) -> None:
    """Telegram's number of a message leads to its row; what has none may be one in doubt."""
    known = {row.external_id: row for row in answers if row.external_id}
    in_doubt = [row for row in answers if row.state == "unknown"]
    twice = [row for row in answers if row.error.startswith(PERHAPS_TWICE)]
    reached: list[Row] = []
    for one in arrived:
        row = known.pop(one.message_id, None)
        if row is None:
            again = next((marked for marked in twice if marked.text == one.text), None)
            if again is not None:
                twice.remove(again)
                found.marked_twice += 1
                continue
            row = next((doubt for doubt in in_doubt if doubt.text == one.text), None)
            if row is None:
                found.doubled.append(f"{person}: {one.text[:40]!r} arrived once too often")
                continue
            in_doubt.remove(row)
        reached.append(row)
    order = [row.id for row in reached]
    if order != sorted(order):
        found.out_of_order.append(f"{person}: received in another order than written")
    ids = set(order)
    for row in answers:
        _tell(found, person, row, row.id in ids)


def _tell(found: Count, person: str, row: Row, arrived: bool) -> None:
    found.answers += 1
    if row.state == "unknown":
        found.perhaps_arrived += arrived
        found.perhaps_lost += not arrived
    elif arrived:
        found.once += 1
    else:
        found.lost.append(f"{person}: row {row.id} is {row.state!r} and did not arrive")
