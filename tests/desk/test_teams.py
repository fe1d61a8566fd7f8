"""Teams: whose work something is, who sees it, and when somebody is there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from desk import accounts, casework, requests, teams
from desk.console.access import conversations_for, requests_for
from desk.models import Conversation, Counsellor, DeskEvent, InformationRequest, Team
from tests.desk.conftest import account, asked, talk, team

pytestmark = pytest.mark.django_db

LogIn = Callable[[Any], Client]
ZURICH = ZoneInfo("Europe/Zurich")


@pytest.fixture
def nora(db: None) -> Counsellor:
    """A third counsellor: Jonas works in Switzerland, Petra in Germany, Nora in no team."""
    return account("nora", "counsellor")


@pytest.fixture
def swiss(jonas: Counsellor) -> Team:
    return team("Bern", "CH", jonas)


@pytest.fixture
def german(petra: Counsellor) -> Team:
    return team("Nürnberg", "DE", petra)


def sees(counsellor: Counsellor) -> tuple[set[str], set[str]]:
    """References and conversations, asked as a new log-in would."""
    fresh = Counsellor.objects.get(pk=counsellor.pk)
    return (
        set(requests_for(fresh).values_list("reference", flat=True)),
        set(conversations_for(fresh).values_list("pk", flat=True)),
    )


def test_new_work_finds_the_team_of_its_country(swiss: Team, german: Team) -> None:
    assert asked(host_country="CH").team == swiss
    assert asked(host_country="DE").team == german
    person = talk(host_country="DE")
    requests.ask_for_person(person.pk)
    assert Conversation.objects.get(pk=person.pk).team == german


def test_the_country_that_is_said_in_this_very_turn_counts(swiss: Team, german: Team) -> None:
    person = talk(host_country="")
    requests.ask_for_person(person.pk, "family", "CH")
    assert Conversation.objects.get(pk=person.pk).team == swiss


def test_the_first_by_name_then_one_for_both_then_nobodys(
    jonas: Counsellor, petra: Counsellor
) -> None:
    assert teams.team_for("CH") is None
    both = team("Aarau", "", petra)
    assert teams.team_for("CH") == both
    assert teams.team_for("") == both
    zug = team("Zug", "CH", jonas)
    assert teams.team_for("CH") == zug
    bern = team("Bern", "CH", jonas)
    assert teams.team_for("CH") == bern
    assert teams.team_for("DE") == both


def test_a_team_in_which_nobody_works_gets_nothing(swiss: Team, jonas: Counsellor) -> None:
    Counsellor.objects.filter(pk=jonas.pk).update(is_active=False)
    assert teams.team_for("CH") is None


def test_counsellors_see_their_team_and_nobodys_work(
    swiss: Team, german: Team, jonas: Counsellor, petra: Counsellor, nora: Counsellor
) -> None:
    ours, theirs = asked(host_country="CH").reference, asked(host_country="DE").reference
    nobodys = asked()
    InformationRequest.objects.filter(pk=nobodys.pk).update(team=None)
    assert sees(jonas)[0] == {ours, nobodys.reference}
    assert sees(petra)[0] == {theirs, nobodys.reference}
    assert sees(nora)[0] == {ours, theirs, nobodys.reference}


def test_supervisors_see_their_teams_or_all(swiss: Team, german: Team, ruth: Counsellor) -> None:
    references = {asked(host_country=one).reference for one in ("CH", "DE")}
    assert sees(ruth)[0] == references
    ruth.teams.add(swiss)
    assert len(sees(ruth)[0]) == 1


def test_waiting_people_are_their_teams_and_danger_is_everybodys(
    swiss: Team, german: Team, jonas: Counsellor, petra: Counsellor
) -> None:
    person = talk(host_country="CH")
    requests.ask_for_person(person.pk)
    assert sees(jonas)[1] == {person.pk}
    assert sees(petra)[1] == set()
    requests.raise_danger(person.pk)
    assert sees(petra)[1] == {person.pk}
    Conversation.objects.filter(pk=person.pk).update(danger_seen_by=jonas)
    assert sees(petra)[1] == set()


def test_what_another_team_works_on_does_not_exist(
    swiss: Team, german: Team, petra: Counsellor, log_in: LogIn
) -> None:
    request, person = asked(host_country="CH"), talk(host_country="CH")
    requests.ask_for_person(person.pk)
    client = log_in(petra)
    for address in (
        reverse("request", args=[request.reference]),
        reverse("conversation", args=[person.pk]),
    ):
        assert client.get(address).status_code == 404
    assert client.post(reverse("request-take", args=[request.reference])).status_code == 404
    assert client.get(reverse("console")).context["tabs"][0].count == 0


def test_what_somebody_took_stays_theirs_when_they_change_teams(
    swiss: Team, german: Team, jonas: Counsellor
) -> None:
    request = asked(host_country="CH")
    casework.do_take(jonas, request.pk)
    jonas.teams.set([german])
    assert request.reference in sees(jonas)[0]


def test_the_work_list_asks_no_more_for_teams(
    swiss: Team, jonas: Counsellor, log_in: LogIn, django_assert_max_num_queries: Any
) -> None:
    client = log_in(jonas)
    for number in range(12):
        casework.do_take(jonas, asked(host_country="CH").pk)
        jonas.teams.add(team(f"Team {number}", "CH", jonas))
        requests.ask_for_person(talk(danger_since=timezone.now()).pk)
    client.get(reverse("console"))  # the first look of all writes down how they like the list
    with django_assert_max_num_queries(15):
        client.get(reverse("console"), {"show": "all"})


def test_when_the_last_member_leaves_the_work_is_everybodys(
    swiss: Team, german: Team, ada: Counsellor, jonas: Counsellor, petra: Counsellor
) -> None:
    request, person = asked(host_country="CH"), talk(host_country="CH")
    requests.ask_for_person(person.pk)
    accounts.do_switch_off(ada, jonas)
    assert sees(petra) == ({request.reference}, {person.pk})


def test_a_dissolved_team_leaves_its_work_to_everybody(
    swiss: Team, german: Team, ada: Counsellor, petra: Counsellor, log_in: LogIn
) -> None:
    request = asked(host_country="CH")
    log_in(ada).post(reverse("team-dissolve", args=[swiss.pk]))
    assert sees(petra)[0] == {request.reference}
    assert DeskEvent.objects.get(kind="team_gone").detail == f"team={swiss.pk}"


def test_an_administrator_makes_and_changes_a_team(
    ada: Counsellor, jonas: Counsellor, petra: Counsellor, log_in: LogIn
) -> None:
    client = log_in(ada)
    form: dict[str, Any] = {"name": "Bern", "host_country": "CH", "members": [jonas.pk]}
    client.post(reverse("team-new"), form)
    made = Team.objects.get()
    assert list(made.members.all()) == [jonas]
    form |= {"hours": "Mon-Thu 08:00-12:00", "members": [petra.pk]}
    client.post(reverse("team", args=[made.pk]), form)
    made.refresh_from_db()
    assert (made.hours, list(made.members.all())) == ("Mon-Thu 08:00-12:00", [petra])
    assert (
        list(DeskEvent.objects.values_list("kind", "counsellor", "team"))
        == [("team_changed", ada.pk, made.pk)] * 2
    )


@pytest.mark.parametrize("hours", ["Mo-Fr 9-17", "Mon 17:00-09:00", "always"])
def test_hours_that_nobody_understands_are_refused_with_an_example(
    hours: str, ada: Counsellor, log_in: LogIn
) -> None:
    response = log_in(ada).post(reverse("team-new"), {"name": "Bern", "hours": hours})
    assert response.status_code == 400
    assert "Mon-Fri 09:00-17:00; Sat" in response.content.decode()
    assert not Team.objects.exists()


# --- hours -------------------------------------------------------------------------------------


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """``clock("2026-08-01 10:00")`` - the time in Zurich, wherever the desk asks."""

    def set_to(text: str) -> None:
        moment = datetime.fromisoformat(text).replace(tzinfo=ZURICH)
        monkeypatch.setattr("django.utils.timezone.now", lambda: moment)

    return set_to


def told(host_country: str) -> tuple[bool, str]:
    """What a person who asks for a counsellor is told: (staffed now, when next)."""
    truth = requests.ask_for_person(talk(host_country=host_country).pk)
    return truth.staffed_now, f"{truth.staffed_next.astimezone(ZURICH):%Y-%m-%d %H:%M}"


def test_a_team_has_hours_of_its_own(
    jonas: Counsellor, german: Team, clock: Callable[[str], None]
) -> None:
    team("Bern", "CH", jonas, hours="Tue 14:00-18:00")
    clock("2026-11-23 10:00")  # Monday
    assert told("CH") == (False, "2026-11-24 14:00")
    assert told("DE")[0] is True


@pytest.mark.parametrize(
    ("now", "host_country", "staffed"),
    [
        ("2025-08-01 10:00", "CH", False),  # a Friday, Switzerland's national day
        ("2025-08-01 10:00", "DE", True),
        ("2025-10-03 10:00", "DE", False),  # German Unity Day
        ("2025-10-03 10:00", "CH", True),
        ("2025-12-25 10:00", "", False),  # in both countries
        ("2025-08-01 10:00", "", True),
    ],
)
def test_public_holidays_of_the_host_country_are_closed(
    now: str, host_country: str, staffed: bool, db: None, clock: Callable[[str], None]
) -> None:
    clock(now)
    assert told(host_country)[0] is staffed


def test_the_next_opening_is_after_the_holidays(db: None, clock: Callable[[str], None]) -> None:
    clock("2025-12-24 18:00")  # Wednesday; the 25th and 26th are holidays in Germany
    assert told("DE") == (False, "2025-12-29 09:00")


def test_one_waits_behind_those_of_the_same_team(swiss: Team, german: Team) -> None:
    requests.ask_for_person(talk(host_country="CH").pk)
    requests.ask_for_person(talk(host_country="CH").pk)
    assert requests.ask_for_person(talk(host_country="DE").pk).people_before == 0
    assert requests.ask_for_person(talk(host_country="CH").pk).people_before == 2
