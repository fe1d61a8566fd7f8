"""Teams: whose work something is, and when they are at their desk."""

from __future__ import annotations

from functools import partial
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, prefetch_related_objects

from desk.models import Conversation, Counsellor, DeskEvent, InformationRequest, Team
from desk.office_hours import OfficeHours
from wegweiser.settings import settings
from wegweiser.workdays import is_public_holiday


def team_for(host_country: str) -> Team | None:
    """The one place where new work finds its team: the first of its host country, by name.

    Else the first team for both countries, else none, which is everybody. A team in which nobody
    works is passed over.
    """
    staffed = Counsellor.objects.filter(teams=OuterRef("pk"), is_active=True)
    return (
        Team.objects.filter(Exists(staffed), host_country__in={host_country, ""})
        .order_by("-host_country", "name")
        .first()
    )


def hours_of(team: Team | None, host_country: str = "") -> OfficeHours:
    """When a team is at its desk: its own hours or the desk's, without public holidays.

    ``host_country`` counts for a team that has none of its own.
    """
    country = (team.host_country if team else "") or host_country
    return OfficeHours.parse(
        (team.hours if team else "") or settings().desk_hours,
        ZoneInfo(settings().desk_time_zone),
        partial(is_public_holiday, country=country),
    )


def team_ids(counsellor: Counsellor) -> list[int]:
    """The teams of a counsellor; asked once for each request to the desk."""
    prefetch_related_objects([counsellor], "teams")  # nothing when it was done before
    return [team.pk for team in counsellor.teams.all()]


def of_their_teams(counsellor: Counsellor) -> Q:
    """Narrows to the work of a counsellor's teams and of no team; everything without a team."""
    theirs = team_ids(counsellor)
    return Q(team__isnull=True) | Q(team__in=theirs) if theirs else Q()


def do_save(administrator: Counsellor, team: Team, members: list[Counsellor]) -> Team:
    """Make a team, or change it and who is in it."""
    with transaction.atomic():
        team.save()
        team.members.set(members)
        DeskEvent.objects.create(
            kind=DeskEvent.Kind.TEAM_CHANGED,
            counsellor=administrator,
            team=team,
            detail=f"country={team.host_country} members={len(members)}",
        )
        free_the_work_of_empty_teams()
    return team


def do_dissolve(administrator: Counsellor, team: Team) -> None:
    """Take a team away; its work becomes everybody's."""
    with transaction.atomic():
        DeskEvent.objects.create(
            kind=DeskEvent.Kind.TEAM_GONE, counsellor=administrator, detail=f"team={team.pk}"
        )
        team.delete()


def free_the_work_of_empty_teams() -> None:
    """What waits for a team in which nobody works any more becomes everybody's work.

    Without this a question could wait where nobody who has a team of their own sees it.
    """
    staffed = Counsellor.objects.filter(teams=OuterRef("pk"), is_active=True)
    empty = Team.objects.filter(~Exists(staffed))
    for work in (
        InformationRequest.objects.filter(state__in=InformationRequest.OPEN_STATES),
        Conversation.objects.all(),
    ):
        work.filter(team__in=empty).update(team=None)
