"""A form that is sent after the log-in ended: nothing is done, and what was typed is not lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from desk.models import RequestEvent
from tests.desk.conftest import asked

pytestmark = pytest.mark.django_db

LogIn = Callable[[Any], Client]
HERE = "http://testserver"


def test_what_was_typed_is_shown_to_whoever_is_no_longer_logged_in(db: None) -> None:
    request = asked()
    page = reverse("request", args=[request.reference])
    response = Client().post(
        reverse("request-note", args=[request.reference]),
        {"text": "The office calls <back>.", "password": "secret"},
        headers={"Origin": HERE, "Referer": f"{HERE}{page}"},
    )
    told = response.content.decode()
    assert response.status_code == 403
    assert response.headers["Cache-Control"] == "no-store"
    assert "The office calls &lt;back&gt;." in told
    assert "secret" not in told
    assert f"/desk/login?next={page}" in told
    assert not RequestEvent.objects.filter(kind=RequestEvent.Kind.NOTE).exists()


def test_a_button_without_a_text_leads_to_the_log_in_and_back_to_its_page(db: None) -> None:
    request = asked()
    page = reverse("request", args=[request.reference])
    take = reverse("request-take", args=[request.reference])
    back = Client().post(take, headers={"Referer": f"{HERE}{page}"})
    assert back.headers["Location"] == f"/desk/login?next={page}"
    elsewhere = Client().post(take, headers={"Referer": "https://elsewhere.example/x"})
    assert elsewhere.headers["Location"] == "/desk/login?next=/desk/"


def test_a_piece_of_a_page_leads_back_to_its_page() -> None:
    piece = Client().get(
        reverse("worklist"),
        headers={"HX-Request": "true", "HX-Current-URL": f"{HERE}/desk/?show=mine"},
    )
    assert piece.headers["HX-Redirect"] == "/desk/login?next=/desk/%3Fshow%3Dmine"


def test_a_page_from_before_a_new_log_in_says_so_and_shows_what_was_typed(jonas: Any) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(jonas)
    client.cookies["django_language"] = "de"
    request = asked()
    page = reverse("request", args=[request.reference])
    note = reverse("request-note", args=[request.reference])
    typed = {"text": "The office calls back."}
    response = client.post(note, typed, headers={"Origin": HERE, "Referer": f"{HERE}{page}"})
    told = response.content.decode()
    assert response.status_code == 403
    assert "The office calls back." in told
    assert "Nichts wurde gespeichert oder gesendet" in told
    assert f'href="{page}"' in told
    other_site = client.post(note, typed, headers={"Origin": "https://elsewhere.example"})
    assert other_site.status_code == 403
    assert "The office calls back." not in other_site.content.decode()


def test_a_piece_of_a_page_from_before_a_new_log_in_loads_the_page_anew(jonas: Any) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(jonas)
    request = asked()
    page = reverse("request", args=[request.reference])
    piece = client.post(
        reverse("request-looking", args=[request.reference]),
        headers={"HX-Request": "true", "HX-Current-URL": f"{HERE}{page}", "Origin": HERE},
    )
    assert piece.status_code == 403
    assert piece.headers["HX-Redirect"] == page


def test_the_log_in_form_of_another_tab_is_no_dead_end(jonas: Any) -> None:
    client = Client(enforce_csrf_checks=True)
    response = client.post(
        reverse("login"),
        {"username": "jonas", "password": "secret"},
        headers={"Origin": HERE, "Referer": f"{HERE}{reverse('login')}"},
    )
    told = response.content.decode()
    assert response.status_code == 403
    assert f'href="{reverse("login")}"' in told
    assert "secret" not in told
