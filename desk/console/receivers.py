"""To whom a live conversation can be passed on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q

from desk import roles
from desk.models import Counsellor, Team


@dataclass(frozen=True)
class Receivers:
    """Colleagues who may talk to people, and the teams in which somebody does."""

    colleagues: Sequence[Counsellor]
    teams: Sequence[Team]


def receivers_for(counsellor: Counsellor) -> Receivers:
    """Everybody but the counsellor: a transfer crosses teams on purpose."""
    code = roles.WORK_CONVERSATIONS.partition(".")[2]
    may_talk = Counsellor.objects.filter(
        Q(groups__permissions__codename=code) | Q(is_superuser=True), is_active=True
    ).distinct()
    talks_there = Exists(may_talk.filter(teams=OuterRef("pk")))
    return Receivers(
        list(may_talk.exclude(pk=counsellor.pk).order_by("first_name", "last_name", "username")),
        list(Team.objects.filter(talks_there)),
    )
