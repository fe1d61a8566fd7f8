"""The requests of the work list: filters, saved views, what is news, and what a look costs."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from desk import casework, requests
from desk.console.filters import Filters, read
from desk.models import InformationRequest, RequestEvent, SavedView, Team
from tests.desk.conftest import account, asked, talk

pytestmark = pytest.mark.django_db

LogIn = Callable[[Any], Client]


def listed(client: Client, **chosen: Any) -> list[str]:
    page = client.get(reverse("worklist"), {"show": "all"} | chosen)
    return [one.reference for one in page.context["requests"]]


@pytest.mark.parametrize(
    ("chosen", "changes"),
    [
        ({"language": "ti"}, {"language": "ti"}),
        ({"host": "DE"}, {"host_country": "DE"}),
        ({"country": "ER"}, {"country": "ER"}),
        ({"topic": "family"}, {"topic": "family"}),
        ({"state": "with_country_office"}, {"state": "with_country_office"}),
        ({"overdue": "1"}, {"promised_on": timezone.localdate() - timedelta(days=1)}),
        ({"q": "insulin"}, {}),
        ({"country": "ER", "q": "insulin", "overdue": "1"}, {
            "country": "ER", "promised_on": timezone.localdate() - timedelta(days=1)}),
    ],
)  # fmt: skip
def test_each_filter_narrows_the_list_and_the_numbers(
    chosen: dict[str, str], changes: dict[str, Any], jonas: Any, log_in: LogIn
) -> None:
    asked(question="A flat")
    fits = asked(question="Insulin")
    InformationRequest.objects.filter(pk=fits.pk).update(**changes)
    client = log_in(jonas)
    assert len(listed(client)) == 2
    assert listed(client, **chosen) == [fits.reference]
    page = client.get(reverse("console"), {"show": "all"} | chosen)
    assert {tab.name: tab.count for tab in page.context["tabs"]}["all"] == 1
    assert "(2) Work list" in page.content.decode(), (
        "the title counts what waits, not what is shown"
    )


def test_an_overdue_request_that_is_closed_is_not_overdue(jonas: Any, log_in: LogIn) -> None:
    done = asked()
    casework.do_answer(jonas, done.pk, key="desk:1", text="Yes.")
    InformationRequest.objects.update(promised_on=timezone.localdate() - timedelta(days=1))
    assert listed(log_in(jonas), show="closed", overdue="1") == []


def test_the_address_of_a_list_gives_the_same_list() -> None:
    chosen = Filters("closed", q="ቤት & شقة", language="ti", country="ER", state="sent", by=3)
    again, _form, problem = read(QueryDict(chosen.query()))
    assert (again, problem) == (chosen, "")


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("show=all&state=sent", "left out: State"),
        ("show=all&country=xx", "left out: Country"),
        ("show=nonsense", "left out: show"),
        ("show=all&by=DROP", "left out: by"),
        ("show=all&q=%3F", "at least two letters"),
    ],
)
def test_what_narrows_nothing_is_told(address: str, said: str, jonas: Any, log_in: LogIn) -> None:
    asked()
    page = log_in(jonas).get(f"{reverse('console')}?{address}")
    assert said in page.content.decode()
    assert len(page.context["requests"]) == 1


def test_my_team_is_a_tab_for_who_is_in_one(jonas: Any, petra: Any, log_in: LogIn) -> None:
    zurich = Team.objects.create(name="Zürich")
    jonas.teams.add(zurich)
    ours, everybodys = asked(), asked()
    InformationRequest.objects.filter(pk=ours.pk).update(team=zurich)
    InformationRequest.objects.filter(pk=everybodys.pk).update(team=None)
    assert listed(log_in(jonas), show="team") == [ours.reference]
    names = [tab.name for tab in log_in(petra).get(reverse("console")).context["tabs"]]
    assert "team" not in names


def test_choosing_a_filter_writes_the_address_of_the_page(jonas: Any, log_in: LogIn) -> None:
    response = log_in(jonas).get(
        reverse("worklist"),
        {"show": "all", "country": "GE", "language": ""},
        headers={"HX-Request": "true", "HX-Trigger": "filters"},
    )
    assert response.headers["HX-Push-Url"] == "/desk/?show=all&country=GE"
    refreshed = log_in(jonas).get(reverse("worklist"), headers={"HX-Request": "true"})
    assert "HX-Push-Url" not in refreshed.headers


# --- saved views --------------------------------------------------------------------------------


def save(client: Client, name: str, query: str) -> Any:
    return client.post(reverse("view-save"), {"name": name, "query": query}, follow=True)


def test_a_view_is_kept_replaced_and_removed(jonas: Any, log_in: LogIn) -> None:
    client = log_in(jonas)
    page = save(client, "Georgia", "show=all&country=GE&evil=%22%3E")
    assert page.redirect_chain == [("/desk/?show=all&country=GE", 302)]
    save(client, "Georgia", "show=mine&country=GE")
    view = SavedView.objects.get()
    assert (view.counsellor, view.query) == (jonas, "show=mine&country=GE")
    assert 'href="/desk/?show=mine&amp;country=GE"' in page.client.get("/desk/").content.decode()
    client.post(reverse("view-delete", args=[view.pk]))
    assert not SavedView.objects.exists()


def test_views_are_ones_own(jonas: Any, petra: Any, log_in: LogIn) -> None:
    save(log_in(jonas), "Georgia", "country=GE")
    client = log_in(petra)
    assert "Georgia</bdi>" not in client.get("/desk/").content.decode()
    response = client.post(reverse("view-delete", args=[SavedView.objects.get().pk]))
    assert response.status_code == 404
    assert SavedView.objects.exists()


def test_views_without_a_name_or_too_many_are_refused(
    jonas: Any, log_in: LogIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desk.console.list_settings.MOST_VIEWS", 1)
    client = log_in(jonas)
    assert "needs a name" in save(client, "  ", "").content.decode()
    save(client, "one", "")
    assert "you have 1 views" in save(client, "two", "").content.decode()
    assert SavedView.objects.count() == 1


# --- news ---------------------------------------------------------------------------------------


def news(client: Client) -> dict[str, str]:
    page = client.get(reverse("worklist"), {"show": "all"}).content.decode()
    return dict(re.findall(r'data-row>([^<]+)</a> <span class="badge text-bg-info">([^<]+)<', page))


def test_what_happened_since_the_last_look_is_marked(jonas: Any, petra: Any, log_in: LogIn) -> None:
    old, taken = asked(), asked()
    client = log_in(jonas)
    assert news(client) == {}, "nothing is news at the first look"
    fresh = asked()
    casework.do_take(petra, taken.pk)
    requests.add_information(old.conversation_id, old.reference, "And?", "m:1")
    assert news(client) == {
        fresh.reference: "new",
        taken.reference: "taken",
        old.reference: "the person added",
    }
    assert listed(client, changed="1") == listed(client)
    client.get(reverse("request", args=[old.reference]))
    assert set(news(client)) == {fresh.reference, taken.reference}, "opened is seen"
    assert client.get("/desk/").context["list"].news == 2


def test_a_line_is_never_shown_as_it_was(jonas: Any, ruth: Any, log_in: LogIn) -> None:
    one = asked(country="ER", topic="medical")
    client, supervisor = log_in(jonas), log_in(ruth)

    def lines(by: Client) -> str:
        return str(by.get(reverse("worklist"), {"show": "all"}).content.decode())

    before = lines(client)
    assert lines(client) == before
    assert f"tick-{one.pk}" not in before
    assert f"tick-{one.pk}" in lines(supervisor)
    casework.do_take(jonas, one.pk)
    InformationRequest.objects.filter(pk=one.pk).update(
        country="GE", topic="housing", promised_on=date(2020, 2, 3)
    )
    after = lines(client)
    assert ("Eritrea" in before, "Georgia</td>" in after, "Eritrea</td>" in after) == (1, 1, 0)
    assert after.count("2020") == 2, "for machines and for people"
    assert "overdue</span>" in after
    assert "Jonas" in after
    client.post("/desk/language", {"language": "de", "next": "/desk/"})
    assert "überfällig</span>" in lines(client)


def test_what_one_did_oneself_is_no_news(jonas: Any, log_in: LogIn) -> None:
    one = asked()
    client = log_in(jonas)
    news(client)
    casework.do_take(jonas, one.pk)
    assert news(client) == {}


def test_having_looked_ends_at_what_was_on_the_page(jonas: Any, log_in: LogIn) -> None:
    client = log_in(jonas)
    news(client)
    first = asked()
    on_the_page = client.get("/desk/").context["last_event"]
    second = asked()
    client.post(reverse("list-looked"), {"event": on_the_page, "query": "show=all"})
    assert set(news(client)) == {second.reference}
    client.post(reverse("list-looked"), {"event": 2**60})
    third = asked()
    assert set(news(client)) == {third.reference}, first.reference


def test_sound_title_and_shortcuts_are_a_choice(jonas: Any, log_in: LogIn) -> None:
    asked()
    client = log_in(jonas)
    html = client.get("/desk/").content.decode()
    assert "data-sound" not in html
    assert "<title>(1) Work list" in html
    client.post(reverse("list-settings"), {"sound": "on"})
    html = client.get("/desk/").content.decode()
    assert "data-sound" in html
    assert "<title>Work list" in html
    assert '<dialog id="shortcuts" aria-labelledby="shortcuts-title">' in html


# --- what a look costs --------------------------------------------------------------------------


def fill(number: int, jonas: Any) -> None:
    conversation = talk()
    made = InformationRequest.objects.bulk_create(
        InformationRequest(
            origin_key=f"bulk:{number}:{n}",
            reference=f"{number}-{n}"[:8],
            conversation=conversation,
            language="ti",
            host_country="CH",
            country="ER",
            topic="housing",
            question="Insulin",
            promised_on=timezone.localdate(),
            taken_by=jonas if n % 3 == 0 else None,
        )
        for n in range(number)
    )
    RequestEvent.objects.bulk_create(
        RequestEvent(request=one, kind=RequestEvent.Kind.OPENED) for one in made
    )


@pytest.mark.parametrize("who", ["counsellor", "supervisor"])
def test_the_number_of_queries_is_the_same_for_ten_and_a_thousand(
    who: str, log_in: LogIn, petra: Any
) -> None:
    somebody = account("somebody", who)
    somebody.teams.add(Team.objects.create(name="Zürich"))
    client = log_in(somebody)
    client.get("/desk/")
    save(client, "Georgia", "country=GE")
    lists = ({"show": "all"}, {"show": "all", "q": "insulin eritrea", "changed": "1", "host": "CH"})
    needed = {}
    for number in (10, 1_000):
        fill(number, petra)
        for place, chosen in enumerate(lists):
            with CaptureQueriesContext(connection) as queries:
                client.get("/desk/", chosen)
            needed[number, place] = len(queries)
    assert needed[10, 0] == needed[1_000, 0]
    assert needed[10, 1] == needed[1_000, 1]
    assert max(needed.values()) <= 15


def test_while_no_request_changes_only_the_conversations_are_fetched(
    jonas: Any, petra: Any, log_in: LogIn
) -> None:
    one = asked()
    client = log_in(jonas)
    seen = client.get("/desk/").context["seen"]
    again = {"show": "all", "seen": seen}
    requests.ask_for_person(talk(language="fr").pk)
    page = client.get(reverse("worklist"), again)
    assert page.headers["HX-Retarget"] == "#live-part"
    html = page.content.decode()
    assert "French" in html
    assert one.reference not in html
    assert 'data-needing="2"' in html
    casework.do_take(petra, one.pk)
    page = client.get(reverse("worklist"), again)
    assert "HX-Retarget" not in page.headers
    assert one.reference in page.content.decode()
    assert client.get(reverse("worklist"), {"seen": "...x"}).status_code == 200
