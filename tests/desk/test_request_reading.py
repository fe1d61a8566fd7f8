"""What a counsellor reads on the page of a request: the whole question, days in their language."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from desk import drafts, promises, requests
from tests.desk.conftest import asked, talk

pytestmark = pytest.mark.django_db

LogIn = Callable[[Any], Client]


def test_a_new_date_stands_in_the_timeline_as_a_date_of_the_desks_language(
    jonas: Any, log_in: LogIn
) -> None:
    request = asked()
    promises.do_promise(jonas, request.pk, promised_on=date(2099, 3, 4), key="desk:1")
    client = log_in(jonas)
    client.post(reverse("desk-language"), {"language": "de"})
    page = client.get(reverse("request", args=[request.reference])).content.decode()
    timeline = page.partition('id="timeline"')[2]
    assert "4. März 2099" in timeline
    assert "2099-03-04" not in timeline


def test_what_the_person_added_stands_below_the_question(jonas: Any, log_in: LogIn) -> None:
    request = asked(talk(language="ar"), question="كم يكلف الدواء؟")
    client = log_in(jonas)
    requests.add_information(
        request.conversation_id, request.reference, "وهل نحتاج إلى وصفة؟", "added:1"
    )
    whole = client.get(reverse("request", args=[request.reference])).content.decode()
    question = whole.partition('id="near"')[0]
    assert '<blockquote class="question" lang="ar" dir="rtl">وهل نحتاج إلى وصفة؟' in question
    # What comes while the page is open stands there, too.
    piece = client.get(
        reverse("request-record", args=[request.reference]), headers={"HX-Request": "true"}
    ).content.decode()
    assert '<div id="added" hx-swap-oob="innerHTML">' in piece
    assert '<blockquote class="question" lang="ar" dir="rtl">وهل نحتاج إلى وصفة؟' in piece


def test_a_translation_from_before_the_person_added_something_says_so(
    jonas: Any, log_in: LogIn
) -> None:
    request = asked(talk(language="ar"), question="كم يكلف الدواء؟")
    client = log_in(jonas)
    drafts.do_translate_question(
        jonas, request.pk, language="en", text="What does it cost?", by_machine=False
    )
    warning = "without what was added since"
    page = reverse("request", args=[request.reference])
    assert warning not in client.get(page).content.decode()
    requests.add_information(request.conversation_id, request.reference, "وهل نحتاج؟", "added:1")
    assert warning in client.get(page).content.decode()
    piece = client.get(f"{page}record", headers={"HX-Request": "true"}).content.decode()
    assert warning in piece
    drafts.do_translate_question(
        jonas, request.pk, language="en", text="What does it cost? Do we need?", by_machine=False
    )
    assert warning not in client.get(page).content.decode()
