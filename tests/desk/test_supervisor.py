"""For supervisors: figures, workload, moving requests, the log."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from desk import casework, conversations, figures, mailbox, moving, requests
from desk.console.dashboard import duration, harmless
from desk.figures import Period
from desk.mailbox import Answer, Counted, Incoming, Learned
from desk.models import Conversation, DailyCount, DeskEvent, InformationRequest, RequestEvent, Team
from tests.desk.conftest import account, asked, talk

pytestmark = pytest.mark.django_db

LogIn = Callable[[Any], Client]
EVERYTHING = InformationRequest.objects


def received(request: InformationRequest, when: datetime, **changes: Any) -> None:
    InformationRequest.objects.filter(pk=request.pk).update(created_at=when, **changes)


def chart(client: Client, name: str, **chosen: Any) -> list[tuple[str, str, int]]:
    page = client.get(reverse("dashboard"), chosen)
    found = {one.name: one for one in page.context["figures"].charts}[name]
    return [(bar.label, bar.shown, bar.length) for bar in found.bars]


# --- figures ------------------------------------------------------------------------------------


def test_requests_are_counted_by_country_and_few_are_not_told_apart(
    ruth: Any, log_in: LogIn
) -> None:
    for country, number in (("ER", 10), ("GE", 5), ("SY", 4), ("AF", 1)):
        for _ in range(number):
            asked(country=country)
    assert chart(log_in(ruth), "country") == [
        ("Eritrea", "10", 100),
        ("Georgia", "5", 50),
        ("Syria", "<5", 40),
        ("Afghanistan", "<5", 40),
    ]


@pytest.mark.parametrize(
    ("numbers", "shown"),
    [
        ({"ER": 10, "GE": 6, "AF": 2}, ["10", "—", "<5"]),  # else 18 - 16
        ({"ER": 10, "SY": 1, "AF": 1}, ["—", "<5", "<5"]),  # two that are two together
        ({"ER": 10, "SY": 4, "AF": 4}, ["—", "<5", "<5"]),  # eight can only be twice four
        ({"ER": 10, "SY": 3, "AF": 1}, ["10", "<5", "<5"]),
        ({"ER": 10, "GE": 6}, ["10", "6"]),
        ({"AF": 2}, ["<5"]),
    ],
)
def test_a_small_group_cannot_be_worked_out_from_the_others(
    numbers: dict[str, int], shown: list[str], ruth: Any, log_in: LogIn
) -> None:
    for country, number in numbers.items():
        for _ in range(number):
            asked(country=country)
    bars = chart(log_in(ruth), "country")
    assert [number for _, number, _ in bars] == shown
    assert len({length for _, number, length in bars if number in {"—", "<5"}}) <= 1


def test_a_period_holds_whole_days_of_the_desks_time_zone(ruth: Any, log_in: LogIn) -> None:
    zone = timezone.get_current_timezone()
    day = date(2026, 3, 2)
    for when in (
        datetime(2026, 3, 1, 23, 59, tzinfo=zone),
        datetime(2026, 3, 2, 0, 0, tzinfo=zone),
        datetime(2026, 3, 2, 23, 59, tzinfo=zone),
        datetime(2026, 3, 3, 0, 0, tzinfo=zone),
    ):
        received(asked(), when)
    assert Period(day, day).received(EVERYTHING.all()).count() == 2
    weeks = figures.by_week(EVERYTHING.all(), Period(date(2026, 2, 25), date(2026, 3, 9)))
    assert weeks == [(date(2026, 2, 23), 1), (date(2026, 3, 2), 3), (date(2026, 3, 9), 0)]


def test_time_to_the_first_answer_and_to_the_end_against_the_promise(jonas: Any) -> None:
    now = timezone.now()
    for hours, promised in ((1, 0), (2, 0), (100, -1), (4, 0)):
        one = asked()
        casework.do_answer(jonas, one.pk, key=f"desk:{one.pk}", text="Yes.")
        casework.do_answer(jonas, one.pk, key=f"desk:{one.pk}:2", text="A correction.")
        received(
            one,
            now - timedelta(hours=hours),
            promised_on=timezone.localdate() + timedelta(days=promised),
        )
        RequestEvent.objects.filter(request=one, kind="answer").update(created_at=now)
        InformationRequest.objects.filter(pk=one.pk).update(closed_at=now)
    taken_back, declined = asked(), asked()
    requests.withdraw(taken_back.conversation_id, taken_back.reference)
    casework.do_decline(jonas, declined.pk, reason="asylum", key="desk:no")
    received(declined, now - timedelta(hours=3))
    first = figures.first_answers(EVERYTHING.all())
    assert (first.number, first.in_time) == (5, 4)
    assert round(first.median_hours or 0) == 3
    assert round(first.p90_hours or 0) == 100
    assert figures.closings(EVERYTHING.all()).number == 5, "what was taken back is no closing"


@pytest.mark.parametrize(("share", "value"), [(0.5, 2.0), (0.9, 4.0), (0.75, 3.0), (0.76, 4.0)])
def test_quantiles(share: float, value: float) -> None:
    assert figures.quantile([1.0, 2.0, 3.0, 4.0], share) == value
    assert figures.quantile([], share) is None


@pytest.mark.parametrize(
    ("hours", "shown"), [(None, "—"), (0.2, "0 hours"), (1.2, "1 hour"), (47, "47 hours")]
)
def test_a_duration_is_one_of_something_or_many(hours: float | None, shown: str) -> None:
    assert duration(hours) == shown
    assert duration(60) == "2 days"


def test_open_and_overdue_are_of_now_and_of_the_team(ruth: Any, log_in: LogIn) -> None:
    zurich = Team.objects.create(name="Zürich")
    ours, _other = asked(), asked()
    received(
        ours,
        timezone.now() - timedelta(days=400),
        team=zurich,
        promised_on=timezone.localdate() - timedelta(days=1),
    )
    client = log_in(ruth)
    both = client.get(reverse("dashboard")).context["figures"]
    team = client.get(reverse("dashboard"), {"team": zurich.pk}).context["figures"]
    assert (both.received, both.open, both.overdue) == (1, 2, 1)
    assert (team.received, team.open, team.overdue) == (0, 1, 1)


@pytest.mark.parametrize(
    "chosen", [{"first": "2026-05-01", "last": "2026-04-01"}, {"first": "yesterday"}, {"team": "x"}]
)
def test_a_wrong_period_is_told_and_the_usual_one_shown(
    chosen: dict[str, str], ruth: Any, log_in: LogIn
) -> None:
    page = log_in(ruth).get(reverse("dashboard"), chosen)
    assert 'role="alert"' in page.content.decode()
    assert page.context["figures"].period.last == timezone.localdate()


def rows_of(response: Any) -> list[list[str]]:
    return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))


def test_the_file_holds_figures_and_nobody(ruth: Any, jonas: Any, log_in: LogIn) -> None:
    evil = Team.objects.create(name="=HYPERLINK(1)")
    for _ in range(6):
        one = asked(question="Insulin", country="ER")
        InformationRequest.objects.filter(pk=one.pk).update(team=evil)
    casework.do_answer(jonas, one.pk, key="desk:1", text="Yes.")
    response = log_in(ruth).get(reverse("dashboard-file"), {"team": evil.pk})
    assert response.headers["Content-Disposition"].startswith('attachment; filename="wegweiser-')
    rows = rows_of(response)
    assert ["country", "Eritrea", "6"] in rows
    assert ["period", "team", "'=HYPERLINK(1)"] in rows
    assert ["first answer", "number", "<5"] in rows
    assert {len(row) for row in rows} == {3}
    text = response.content.decode()
    assert not any(word in text for word in (one.reference, one.conversation_id, "Insulin"))
    assert DeskEvent.objects.filter(kind="took_figures", counsellor=ruth).count() == 1


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@A", "\tx", "\r=1"])
def test_no_cell_is_a_formula(text: str) -> None:
    assert harmless(text) == f"'{text}"
    assert harmless("Zürich") == "Zürich"


# --- what the assistant was asked ---------------------------------------------------------------


def turn(person: str = "501", key: str = "tg:1") -> Any:
    mailbox.receive(Incoming("telegram", person, key, text="How much?"))
    claimed = mailbox.claim_turn("w1")
    assert claimed is not None
    return claimed


def test_a_turn_is_counted_once_and_leads_to_nobody(ruth: Any, log_in: LogIn) -> None:
    asked_amount = frozenset({Counted("asked", "ask_amount")})
    known = Learned(language="ti", host_country="CH")
    for number in range(6):
        one = turn(key=f"tg:{number}")
        mailbox.commit_turn(one, [Answer("...")], learned=known, counted=asked_amount)
        with pytest.raises(mailbox.LostClaim):
            mailbox.commit_turn(one, [Answer("...")], learned=known, counted=asked_amount)
    missed = frozenset({Counted("not_understood")})
    mailbox.commit_turn(turn(key="tg:9"), [Answer("...")], learned=known, counted=missed)
    rows = DailyCount.objects.order_by("kind").values_list(
        "day", "kind", "name", "language", "host_country", "number"
    )
    today = timezone.localdate()
    assert list(rows) == [
        (today, "asked", "ask_amount", "ti", "CH", 6),
        (today, "not_understood", "", "ti", "CH", 1),
    ]
    related = {one.name for one in DailyCount._meta.get_fields() if one.is_relation}
    assert related == set()
    client = log_in(ruth)
    assert chart(client, "asked of the assistant") == [("How much money", "6", 100)]
    assert chart(client, "not understood") == [("Tigrinya", "<5", 80)]
    yesterday = today - timedelta(days=1)
    assert chart(client, "not understood", first=yesterday, last=yesterday) == []


def test_what_a_turn_that_is_not_written_counted_is_not_counted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    one = turn()

    def broken(*_: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr("desk.mailbox.turns.save_tracker", broken)
    with pytest.raises(RuntimeError):
        mailbox.commit_turn(one, [], snapshot={}, counted=frozenset({Counted("not_understood")}))
    assert not DailyCount.objects.exists()


def test_figures_outlive_an_erasure_and_belong_to_nobody() -> None:
    one = turn()
    mailbox.commit_turn(one, [Answer("...")], counted=frozenset({Counted("asked", "ask_cost")}))
    requests.erase(one.conversation_id)
    Conversation.objects.all().delete()
    assert DailyCount.objects.get().number == 1


# --- workload and moving ------------------------------------------------------------------------


def test_who_has_how_much(ruth: Any, jonas: Any, petra: Any, log_in: LogIn) -> None:
    late, office, done, _free = asked(), asked(), asked(), asked()
    for one in (late, office, done):
        casework.do_take(jonas, one.pk)
    casework.do_set_state(jonas, office.pk, "with_country_office")
    casework.do_answer(jonas, done.pk, key="desk:1", text="Yes.")
    InformationRequest.objects.filter(pk=late.pk).update(
        promised_on=timezone.localdate() - timedelta(days=1)
    )
    bern = Team.objects.create(name="Bern")
    conversations.do_take_over(petra, talk(waiting_since=timezone.now(), team=bern).pk)
    talk(waiting_since=timezone.now(), team=bern)
    talk(danger_since=timezone.now(), team=bern)
    teams = {one.name: one for one in log_in(ruth).get(reverse("workload")).context["teams"]}
    assert teams["Bern"].talks == 2, "danger alone is no conversation"
    people = {one.name: one for one in log_in(ruth).get(reverse("workload")).context["people"]}
    load = people["Jonas"]
    assert (load.open, load.overdue, load.with_office, load.closed) == (2, 1, 1, 1)
    assert (people["Petra"].open, people["Petra"].talks) == (0, 1)
    assert (people["nobody yet"].open, people["nobody yet"].talks) == (1, 1)
    listed = log_in(ruth).get(f"{reverse('worklist')}?{load.query}").context["requests"]
    assert {one.pk for one in listed} == {late.pk, office.pk}


def move(client: Client, to: str, *which: InformationRequest) -> str:
    form = {"to": to, "request": [one.pk for one in which], "query": "show=all"}
    return client.post(reverse("move"), form, follow=True).content.decode()


def test_several_are_given_to_a_colleague(ruth: Any, jonas: Any, petra: Any, log_in: LogIn) -> None:
    hers, free, done = asked(), asked(), asked()
    casework.do_take(petra, hers.pk)
    casework.do_answer(petra, done.pk, key="desk:1", text="Yes.")
    told = move(log_in(ruth), f"counsellor:{jonas.pk}", hers, free, done)
    assert "2 requests were moved." in told
    assert f"No longer open, not moved: {done.reference}" in told
    for one in (hers, free):
        one.refresh_from_db()
        assert (one.taken_by, one.state) == (jonas, "taken")
        event = RequestEvent.objects.get(request=one, kind="moved")
        assert (event.counsellor, event.to_counsellor) == (ruth, jonas)
    move(log_in(ruth), f"counsellor:{jonas.pk}", hers)
    assert RequestEvent.objects.filter(request=hers, kind="moved").count() == 1


def test_a_team_gets_a_request_and_anybody_in_it_may_take_it(
    ruth: Any, jonas: Any, petra: Any, log_in: LogIn
) -> None:
    zurich, bern = Team.objects.create(name="Zürich"), Team.objects.create(name="Bern")
    one = asked()
    casework.do_take(petra, one.pk)
    move(log_in(ruth), f"team:{zurich.pk}", one)
    one.refresh_from_db()
    assert (one.taken_by, one.team, one.state) == (None, zurich, "received")
    jonas.teams.add(bern)
    move(log_in(ruth), f"counsellor:{jonas.pk}", one)
    one.refresh_from_db()
    assert (one.taken_by, one.team) == (jonas, bern), "whoever has it must be able to see it"


@pytest.mark.parametrize("to", ["", "counsellor:999", "team:1", "nonsense", "counsellor:"])
def test_nobody_to_move_it_to(to: str, ruth: Any, log_in: LogIn) -> None:
    one = asked()
    assert "Nothing was moved" in move(log_in(ruth), to, one)


def test_an_administrator_is_given_no_request(ruth: Any, ada: Any, log_in: LogIn) -> None:
    assert "Nothing was moved" in move(log_in(ruth), f"counsellor:{ada.pk}", asked())


# --- the log ------------------------------------------------------------------------------------


def entries(client: Client, **chosen: Any) -> list[tuple[str, str, str]]:
    page = client.get(reverse("desk-log"), chosen)
    return [(one.who, str(one.what), one.reference) for one in page.context["entries"]]


def test_the_log_says_who_saw_and_did_what_the_newest_first(
    ruth: Any, jonas: Any, log_in: LogIn
) -> None:
    one, other = asked(), asked()
    log_in(jonas).get(reverse("request", args=[one.reference]))
    casework.do_take(jonas, one.pk)
    moving.do_move(ruth, one.pk, to=ruth)
    casework.do_note(jonas, other.pk, "A secret")
    client = log_in(ruth)
    everything = [
        ("Jonas", "note", other.reference),
        ("Ruth", "given to a colleague or team", one.reference),
        ("Jonas", "taken", one.reference),
        ("Jonas", "opened a request", one.reference),
    ]
    assert entries(client) == everything
    assert entries(client, by=ruth.pk) == everything[1:2]
    assert entries(client, reference=one.reference.lower()) == everything[1:]
    assert entries(client, kind="1:saw_request") == everything[3:]
    assert entries(client, kind="0:note") == everything[:1]
    today = timezone.localdate()
    assert entries(client, first=today, last=today) == everything
    assert entries(client, last=today - timedelta(days=1)) == []
    html = client.get(reverse("desk-log")).content.decode()
    assert "A secret" not in html
    assert "→ Ruth" in html


def test_the_log_goes_on_where_a_page_ends(
    ruth: Any, jonas: Any, log_in: LogIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desk.console.desk_log.PAGE_SIZE", 3)
    one = asked()
    for _ in range(4):
        casework.do_note(jonas, one.pk, "A note")
        DeskEvent.objects.create(kind="saw_request", counsellor=jonas, request=one)
    # All at the same moment: nothing may be lost or shown twice between two pages.
    now = timezone.now()
    RequestEvent.objects.update(created_at=now)
    DeskEvent.objects.update(created_at=now)
    client, before, seen = log_in(ruth), "", []
    while True:
        page = client.get(reverse("desk-log"), {"before": before})
        seen += [(one.source, one.pk) for one in page.context["entries"]]
        before = page.context["next"]
        if not before:
            break
    assert len(seen) == len(set(seen)) == 8


def test_an_erased_request_leaves_the_line_without_its_number(
    ruth: Any, jonas: Any, log_in: LogIn
) -> None:
    one = asked()
    log_in(jonas).get(reverse("request", args=[one.reference]))
    requests.erase(one.conversation_id)
    assert entries(log_in(ruth)) == [("Jonas", "opened a request", "")]


@pytest.mark.parametrize(
    "chosen",
    [
        {"before": "nonsense"},
        {"before": "2026-01-01|0|1"},
        {"before": "2026-99-01T00:00:00+00:00|0|1"},
        {"by": "x"},
        {"kind": "9:x"},
        {"first": "x"},
        {"reference": "no number"},
    ],
)
def test_a_wrong_filter_of_the_log_is_no_error(
    chosen: dict[str, str], ruth: Any, log_in: LogIn
) -> None:
    assert log_in(ruth).get(reverse("desk-log"), chosen).status_code == 200


@pytest.mark.parametrize("name", ["dashboard", "workload", "desk-log"])
def test_the_pages_cost_the_same_however_much_there_is(
    name: str, ruth: Any, jonas: Any, log_in: LogIn
) -> None:
    client, needed = log_in(ruth), []
    for number in (2, 20):
        for n in range(number):
            one = asked(country="ER" if n % 2 else "GE")
            casework.do_take(jonas, one.pk)
            account(f"colleague-{number}-{n}", "counsellor")
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse(name))
        needed.append(len(queries))
    assert needed[0] == needed[1]
    assert needed[0] <= 20
