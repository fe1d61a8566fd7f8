"""The queues of people who wait for a live conversation, one for each team."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from desk.models import Conversation, Counsellor, Team
from desk.teams import team_ids
from desk.waiting_room import Waiting, waiting_truth


@dataclass(frozen=True)
class Queue:
    """How many wait for a team, and what they are told about its hours."""

    team: Team | None
    waiting: int
    truth: Waiting


def queues_for(counsellor: Counsellor, live: Iterable[Conversation]) -> list[Queue]:
    """The queues that a counsellor works on: of their teams (all, without one), and of no team."""
    waiting = Counter(one.team_id for one in live if _waits(one))
    teams: Sequence[Team] = list(counsellor.teams.all() if team_ids(counsellor) else _all_teams())
    queues = [Queue(team, waiting[team.pk], waiting_truth(team=team)) for team in teams]
    if waiting[None] or not queues:
        queues.append(Queue(None, waiting[None], waiting_truth()))
    return queues


def _all_teams() -> Iterable[Team]:
    return Team.objects.all()


def places(counsellor: Counsellor, live: Iterable[Conversation]) -> dict[str, int]:
    """Conversation id -> place in its team's queue, from 1.

    Whoever is seen only because of danger has no place here: their queue is not seen.
    """
    theirs = team_ids(counsellor)
    seen: Counter[int | None] = Counter()
    found = {}
    for one in sorted(filter(_waits, live), key=lambda one: (one.waiting_since, one.pk)):
        seen[one.team_id] += 1
        if one.team_id is None or not theirs or one.team_id in theirs:
            found[one.pk] = seen[one.team_id]
    return found


def is_passed_on_to(counsellor: Counsellor, one: Conversation) -> bool:
    """Whether a colleague gave it to this counsellor, who has not opened it yet."""
    return one.passed_on_by_id is not None and one.handled_by_id == counsellor.pk


def _waits(one: Conversation) -> bool:
    return one.waiting_since is not None and one.handled_by_id is None
