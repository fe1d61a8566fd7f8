"""Search: words in any script are found in encrypted texts, and nothing of them can be read."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.urls import reverse
from django.utils import translation

from desk import casework, requests, search, search_index
from desk.console.names import country_names, topic_names
from desk.crypto import word_hash
from desk.models import InformationRequest, SearchWord
from desk.retention import erase_old
from tests.desk.conftest import asked, talk
from tests.desk.test_retention import days_ago
from wegweiser.encryption import lookup_hash
from wegweiser.folding import words

pytestmark = pytest.mark.django_db


def found(typed: str) -> list[str]:
    read = search.parse(typed, country_names(), topic_names())
    hits = search.narrow(InformationRequest.objects.all(), read)
    return list(hits.values_list("reference", flat=True))


@pytest.mark.parametrize(
    ("question", "typed"),
    [
        ("What does INSULIN cost in Kutaisi?", "insulin"),
        ("Ich suche eine Wohnung für drei Personen", "wohnungen"),
        ("Wie teuer sind die Wohnungen?", "Wohnung"),
        ("Gibt es Geld für die Straße?", "strasse"),
        ("Où est l’école la plus proche ?", "ecole"),
        ("ما هي تكلفة الشقة في حلب؟", "شقة"),
        ("ما هي تكلفة شقة في حلب؟", "الشقة"),
        ("هل يوجد أنسولين هناك", "انسولين"),
        ("هل هناك مَدْرَسَة للأطفال؟", "مدرسه"),
        ("آیا مدرسه‌ای برای کودکان هست؟", "كودكان"),
        ("ኣብ ኣስመራ መድሃኒት ክንደይ ዋጋኡ?", "መድሃኒት"),
        ("ኣብ ኣስመራ መድሓኒት ክንደይ ዋጋኡ?", "መድሃኒታት"),
        ("ንመድሃኒት ክንደይ የድሊ", "መድሃኒት"),
        ("ኣስመራ ቤት", "አስመራ"),
        ("Сколько стоит жильё в Тбилиси?", "жилье"),
        ("რა ღირს ბინა ქუთაისში?", "ბინა"),
        ("Was kostet es? ١٢٣٤٥ Lari", "12345"),
        ("Kostenlose Ｓｃｈｕｌｅ", "schule"),
    ],
)
def test_a_word_is_found_in_any_script_and_form(question: str, typed: str) -> None:
    asked(question="Something else altogether", place="")
    hit = asked(question=question, place="")
    assert found(typed) == [hit.reference]


def test_all_words_must_be_found(db: None) -> None:
    both = asked(question="A flat near the hospital")
    asked(question="A flat near the school")
    assert found("flat hospital") == [both.reference]
    assert found("flat bakery") == []


def test_answers_notes_places_and_what_was_added_are_found(jonas: Any) -> None:
    one = asked(question="Rent?", place="Batumi")
    casework.do_note(jonas, one.pk, "Telephoned the consulate")
    requests.add_information(one.conversation_id, one.reference, "With a wheelchair", "m:1")
    casework.do_answer(jonas, one.pk, key="desk:1", text="Eight hundred lari")
    for typed in ("batumi", "consulate", "wheelchair", "eight hundred"):
        assert found(typed) == [one.reference], typed


def test_a_reference_is_found_as_it_is_typed(db: None) -> None:
    one, _ = asked(), asked()
    assert found(one.reference) == [one.reference]
    assert found(f" {one.reference.lower()} ") == [one.reference]


def test_countries_and_topics_are_found_by_their_names_in_the_desks_language(db: None) -> None:
    one = asked(country="LK", topic="education", question="Costs?", place="")
    asked(country="GE", topic="housing", question="Costs?", place="")
    assert found("sri lanka") == [one.reference]
    assert found("lanka educ") == [one.reference]
    with translation.override("de"):
        assert found("Bildung") == [one.reference]
        assert found("bildung sri lanka") == [one.reference]
        assert found("Georgien Bildung") == []


def test_the_index_holds_no_word_and_needs_the_key(set_settings: Any) -> None:
    asked(question="Insulin in Batumi", place="")
    with connection.cursor() as cursor:
        cursor.execute("SELECT word, request_id FROM desk_searchword")
        rows = cursor.fetchall()
    assert {type(value) for row in rows for value in row} == {int}
    assert len(rows) == len(search_index.hashes("Insulin in Batumi"))
    assert found("insulin")
    before = word_hash("insuli")
    set_settings(LOOKUP_KEY="k" * 50)
    assert word_hash("insuli") != before
    assert found("insulin") == []


def test_a_word_and_a_contact_id_of_the_same_letters_have_different_hashes() -> None:
    of_contact = int.from_bytes(bytes.fromhex(lookup_hash("a", "b"))[:8], "big", signed=True)
    assert word_hash("a:b") != of_contact


def test_erasing_and_retention_take_the_index_with_them(jonas: Any) -> None:
    one, other = asked(question="Insulin"), asked(question="Insulin")
    requests.erase(one.conversation_id)
    assert set(SearchWord.objects.values_list("request", flat=True)) == {other.pk}
    casework.do_answer(jonas, other.pk, key="desk:1", text="Yes.")
    InformationRequest.objects.update(closed_at=days_ago(366))
    erase_old()
    assert not SearchWord.objects.exists()


def test_the_index_can_be_made_anew(jonas: Any, capsys: pytest.CaptureFixture[str]) -> None:
    one = asked(question="Insulin")
    casework.do_note(jonas, one.pk, "Telephoned")
    before = set(SearchWord.objects.values_list("word", flat=True))
    SearchWord.objects.all().delete()
    SearchWord.objects.create(word=7, request=one)
    call_command("index_requests")
    assert capsys.readouterr().out == "1 requests indexed\n"
    assert set(SearchWord.objects.values_list("word", flat=True)) == before


@pytest.mark.parametrize("typed", ["", "?!", "x", "\0", "\ud800", "%", "' OR 1=1 --", "ﷺ" * 500])
def test_whatever_is_typed_the_list_answers(typed: str, jonas: Any, log_in: Any) -> None:
    asked()
    page = log_in(jonas).get(reverse("worklist"), {"q": typed.encode("utf-8", "surrogatepass")})
    assert page.status_code == 200


@pytest.mark.parametrize("text", ["", "\ud800 a\u0301", "İstanbul ǅ ﬃ", "ﷺ" * 300, "\u0301\u0301"])
def test_folding_takes_any_text(text: str) -> None:
    assert words(text) == words(" ".join(words(text)))


def test_a_search_asks_for_at_most_eight_words(db: None) -> None:
    talk()
    read = search.parse("word " * 100, {}, {})
    assert len(read.terms) == search.MOST_TERMS
