"""What stands on the page of a request: facts, presence, inserts, the sheet, canned answers."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from desk import canned, casework, drafts, presence, programme_facts
from desk.console.told import LABELS
from desk.models import CannedAnswer, DeskEvent, InformationRequest, Presence
from desk.request_sheet import facts_of, passages_of, sheet
from programmes import FACTS
from tests.desk.conftest import asked, talk
from wegweiser.texts import languages, word

pytestmark = pytest.mark.django_db

LogIn = Callable[[Any], Client]


def html_of(client: Client, request: InformationRequest) -> str:
    return client.get(reverse("request", args=[request.reference])).content.decode()


# --- facts -------------------------------------------------------------------------------------

TOLD = {"nationality": "GE", "status": "asylum_rejected", "adults": "2", "medical_need": "true"}


def test_what_the_person_told_is_shown_only_where_they_agreed(jonas: Any, log_in: LogIn) -> None:
    client = log_in(jonas)
    shared = html_of(client, asked(facts=TOLD, shares_conversation=True))
    assert "asylum application refused" in shared
    assert "<dd>2</dd>" in shared
    kept = asked(facts=TOLD, shares_conversation=False)
    assert InformationRequest.objects.get(pk=kept.pk).facts is None
    assert "asylum application refused" not in html_of(client, kept)


# --- who is looking ----------------------------------------------------------------------------


def test_colleagues_see_who_is_looking_and_who_is_writing_until_they_leave(
    jonas: Any, petra: Any, log_in: LogIn
) -> None:
    request = asked()
    at_jonas, at_petra = log_in(jonas), log_in(petra)
    html_of(at_jonas, request)
    assert "Jonas is looking at this, too" in html_of(at_petra, request)
    assert "Petra is looking at this, too" not in html_of(at_petra, request)
    drafts.do_save_draft(jonas, request.pk, drafts.Written(0, "Half an ans"))
    looking = reverse("request-looking", args=[request.reference])
    assert "Jonas is writing here" in at_petra.post(looking).content.decode()
    at_jonas.post(reverse("request-leave", args=[request.reference]))
    assert "Jonas" not in at_petra.post(looking).content.decode()


def test_who_is_silent_is_gone(jonas: Any, petra: Any) -> None:
    request = asked()
    presence.looks(jonas, request)
    Presence.objects.update(seen_at=timezone.now() - presence.GONE_AFTER - timedelta(seconds=1))
    assert presence.others_at(request, petra) == []
    presence.looks(petra, request)
    assert Presence.objects.get().counsellor == petra


# --- what can be put into an answer ------------------------------------------------------------


def test_a_programmes_facts_come_from_the_rules_base_in_both_languages(
    jonas: Any, log_in: LogIn
) -> None:
    request = asked(talk(language="ar"))
    address = reverse("request-insert", args=[request.reference])
    found = log_in(jonas).get(address, {"programme": "ch.individual"}).json()
    for key, language in (("text", "ar"), ("source", "en")):
        assert "1,000" in found[key]
        assert word(language, "benefit.start_money") in found[key]
        assert "SEM" in found[key]
    assert found["hint"] == ""
    unknown = log_in(jonas).get(address, {"programme": "ch.nothing"})
    assert unknown.status_code == 404


@pytest.mark.parametrize("language", [one.code for one in languages()])
def test_every_programme_can_be_inserted_in_every_language(language: str) -> None:
    for host in ("CH", "DE"):
        for programme, _ in programme_facts.choices(host, language):
            text = programme_facts.programme_text(programme, language).text
            assert "{" not in text
            # An amount never stands without its date and source.
            assert not re.search("CHF|EUR", text) or re.search(r"20\d\d|[۲٢]", text)


def test_amounts_are_those_of_the_household_that_was_told_about() -> None:
    alone = programme_facts.programme_text("ch.individual", "en", {"adults": "1", "minors": "0"})
    family = programme_facts.programme_text("ch.individual", "en", {"adults": "2", "minors": "1"})
    assert "money at departure: up to CHF\u00a01,000 in total" in alone.text
    assert "money at departure: up to CHF\u00a02,500 in total" in family.text


def test_a_programme_that_does_not_fit_what_was_told_says_so_to_the_counsellor() -> None:
    told = {"place": "federal_centre"}
    assert programme_facts.programme_text("ch.individual", "en", told).probably_not


def test_a_canned_answer_comes_in_the_persons_language_or_with_a_hint(
    jonas: Any, ruth: Any, log_in: LogIn
) -> None:
    texts = {"en": "The office is open on Monday.", "ar": "المكتب مفتوح يوم الاثنين."}
    kept = canned.do_save_canned(ruth, canned.Canned("Opening hours", "housing", "", texts))
    client = log_in(jonas)

    def inserted(language: str) -> dict[str, str]:
        address = reverse("request-insert", args=[asked(talk(language=language)).reference])
        found: dict[str, str] = client.get(address, {"canned": kept.pk}).json()
        return found

    arabic, georgian = inserted("ar"), inserted("ka")
    assert (arabic["text"], arabic["source"], arabic["hint"]) == (texts["ar"], texts["en"], "")
    assert (georgian["text"], georgian["source"]) == ("", texts["en"])
    assert "Georgian" in georgian["hint"]
    assert "not in Georgian" in html_of(client, asked(talk(language="ka")))


def test_the_other_countrys_canned_answers_are_not_offered_and_the_own_topic_is_first(
    ruth: Any,
) -> None:
    for title, topic, host in (("A", "work", ""), ("B", "housing", "CH"), ("C", "housing", "DE")):
        canned.do_save_canned(ruth, canned.Canned(title, topic, host, {"en": title}))
    assert [one.title for one in canned.fitting(asked(topic="housing"))] == ["B", "A"]


def test_a_supervisor_writes_changes_and_deletes_canned_answers(ruth: Any, log_in: LogIn) -> None:
    client = log_in(ruth)
    form = {"title": "Opening hours", "topic": "housing", "host_country": "CH", "text_en": "Open."}
    client.post(reverse("canned-new"), form)
    kept = CannedAnswer.objects.get()
    edit = reverse("canned-edit", args=[kept.pk])
    assert "Open." in client.get(edit).content.decode()
    client.post(edit, form | {"text_en": "", "text_ar": "مفتوح"})
    assert list(kept.texts.values_list("language", "text")) == [("ar", "مفتوح")]
    refused = client.post(edit, form | {"title": "", "text_ar": "تغيير"})
    assert refused.status_code == 400
    assert "تغيير" in refused.content.decode()
    assert client.post(edit, {"title": "Nothing written"}).status_code == 400
    for _ in range(2):
        client.post(reverse("canned-delete", args=[kept.pk]))
    assert not CannedAnswer.objects.exists()
    logged = DeskEvent.objects.filter(kind__startswith="canned_", counsellor=ruth)
    assert list(logged.values_list("kind", flat=True)) == [
        "canned_changed",
        "canned_changed",
        "canned_deleted",
    ]


# --- the printable sheet -----------------------------------------------------------------------

QUESTIONS = {
    "ar": "هل يوجد دواء الأنسولين (insulin glargine) في حلب؟ أحتاج 20 وحدة يوميًا.",
    "ti": "ኣብ ኣስመራ ኢንሱሊን ይርከብ ዶ?",
    "ka": "რა ღირს ბინა ქუთაისში?",
    "ru": "Сколько стоит квартира в Грозном?",
    "ku": "Li Amedê xaniyek çiqas e? Pêdivî bi bijîşk heye.",
    "en": "Emoji 🏠, half a character \ud83c and 漢字 must not break the sheet.",
}


@pytest.mark.parametrize("language", [one.code for one in languages()])
def test_the_sheet_is_a_pdf_in_every_language(language: str, jonas: Any, log_in: LogIn) -> None:
    question = QUESTIONS.get(language, f"{word(language, 'topic.housing')}?")
    request = asked(talk(language=language), question=question)
    response = log_in(jonas).get(reverse("request-sheet", args=[request.reference]))
    assert response["Content-Type"] == "application/pdf"
    assert response.content.startswith(b"%PDF-")
    assert DeskEvent.objects.filter(kind="printed", request=request).count() == 1


def test_a_long_question_with_additions_takes_more_pages() -> None:
    from desk import requests

    request = asked(talk(language="ar"), question="سؤال طويل جدًا. " * 90)
    for number in range(8):
        requests.add_information(
            request.conversation_id, request.reference, "تفاصيل أخرى. " * 90, f"m:{number}"
        )
    assert sheet(request, None).count(b"/Type /Page\n") > 1


def test_nothing_on_the_sheet_says_who_asks() -> None:
    request = asked(talk(language="ar"), facts=TOLD, shares_conversation=True)
    said = [value for _, value in facts_of(request)]
    said += [passage.text for passage in passages_of(request, None)]
    assert request.question in said
    address = request.conversation.address
    assert address
    told = {"Georgia's nationality", "asylum application refused", address, request.conversation_id}
    assert not any(one in text for one in told for text in said)


def test_the_counsellor_is_warned_of_personal_data(jonas: Any, log_in: LogIn) -> None:
    client = log_in(jonas)
    html = html_of(client, asked(question="My name is Amina Haidari. What does a flat cost?"))
    assert "seems to hold personal data" in html
    assert ">Amina Haidari<" in html
    assert "personal data" not in html_of(client, asked())


# --- promises and steps on the page ------------------------------------------------------------


@pytest.fixture
def _on_a_monday(monkeypatch: pytest.MonkeyPatch) -> None:
    """23 November 2026: no holiday is near."""
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_: date(2026, 11, 23))


@pytest.mark.usefixtures("_on_a_monday")
@pytest.mark.parametrize(("days", "said"), [(0, "today"), (7, "in 5 working days")])
def test_how_much_time_is_left(days: int, said: str, jonas: Any, log_in: LogIn) -> None:
    request = asked()
    InformationRequest.objects.update(promised_on=timezone.localdate() + timedelta(days=days))
    html = html_of(log_in(jonas), request)
    assert said in " ".join(html.split())


@pytest.mark.usefixtures("_on_a_monday")
def test_a_late_request_offers_to_tell_the_person_once(jonas: Any, log_in: LogIn) -> None:
    request = asked()
    InformationRequest.objects.update(promised_on=timezone.localdate() - timedelta(days=7))
    client = log_in(jonas)
    html = html_of(client, request)
    assert "5 working days late" in html
    assert 'id="delay"' in html
    client.post(reverse("request-delay", args=[request.reference]))
    html = html_of(client, request)
    assert 'id="delay"' not in html
    assert "The person knows that it is late." in html


def test_the_buttons_are_the_steps_of_the_table(jonas: Any, log_in: LogIn) -> None:
    request = asked()
    client = log_in(jonas)

    def buttons() -> list[str]:
        return re.findall(r'id="(step-\w+|check|close|reopen)"', html_of(client, request))

    assert buttons() == ["step-ask_office", "step-receive_answer"]
    casework.do_set_state(jonas, request.pk, "with_country_office")
    assert buttons() == ["step-receive_answer", "step-back_to_work"]
    casework.do_set_state(jonas, request.pk, "answer_received")
    drafts.do_save_draft(jonas, request.pk, drafts.Written(0, "800 lari."))
    assert buttons() == ["step-ask_office", "step-back_to_work", "check"]
    casework.do_answer(jonas, request.pk, key="desk:1", text="800 lari.")
    assert buttons() == ["close", "reopen"]


def test_every_fact_has_words_about_somebody_else() -> None:
    assert set(LABELS) == set(FACTS)
    for language in ("en", "de", "fr", "it"):
        with translation.override(language):
            labels = [str(label) for label in LABELS.values()]
        assert len(set(labels)) == len(labels), language
        assert not [one for one in labels if re.search(r"\b(your|Ihre?|votre|Suo|Sua)\b", one)]
    with translation.override("it"):
        assert str(LABELS["nationality"]) == "Nazionalità"
