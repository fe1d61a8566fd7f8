"""What is no text: a file that a person could look at, a place, a link with a country."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from actions.erase import Erase
from actions.greet import Greet
from actions.inform import Inform
from actions.offices import nearest_offices
from actions.request import SendRequest
from actions.small_talk import NotUnderstood, Stop
from desk.mailbox import FileSent, Incoming, conversation_for, receive
from desk.mailbox.files import MAX_BYTES
from desk.models import Conversation, StoredFile
from desk.requests import NewRequest, open_request
from tests.actions.test_request import DRAFT
from tests.dialogue import Said, a_press, a_turn, take
from wegweiser.nearest import nearest

pytestmark = pytest.mark.django_db

_numbers = itertools.count(1)


@pytest.fixture
def amina() -> Conversation:
    return conversation_for("telegram", "amina")


def sends(amina: Conversation, media: str = "voice", /, **of: Any) -> Said:
    """Amina sends a file, and what she hears."""
    number = next(_numbers)
    file = FileSent(**({"key": f"f{number}", "kind": "voice", "remote_id": "r", "size": 9} | of))
    row = receive(Incoming("telegram", "amina", f"m{number}", kind=media, file=file)).message_id
    return take(Inform(), a_turn(**a_press("inform", media=media), **about(amina, row)))


def about(amina: Conversation, row: int) -> dict[str, Any]:
    return {"conversation_id": amina.pk, "message_id": str(row)}


def presses_show(amina: Conversation, said: Said, **changes: Any) -> Said:
    row = said.payloads[0].rpartition('"value": "')[2].partition('"')[0]
    step = NotUnderstood() if "form" in changes else Inform()
    turn = a_turn(**a_press("inform", media="show", value=row), **about(amina, 99), **changes)
    return take(step, turn)


@pytest.mark.parametrize(
    ("kind", "answer"),
    [
        ("voice", "utter_media_voice"),
        ("audio", "utter_media_voice"),
        ("photo", "utter_media_file"),
        ("document", "utter_media_file"),
    ],
)
def test_a_person_can_and_the_first_button_shows_it(
    amina: Conversation, kind: str, answer: str
) -> None:
    said = sends(amina, kind)
    assert said.keys == [answer]
    assert said.payloads[0].startswith('/inform{"media": "show", "value": "')
    assert said.payloads[1] == "/request_human"


@pytest.mark.parametrize("of", [{"size": MAX_BYTES + 1}, {"kind": ""}])
def test_what_is_not_taken_is_said_with_the_limits(amina: Conversation, of: Any) -> None:
    said = sends(amina, "document", **of)
    assert said.keys == ["utter_file_refused"]
    assert (said.messages[0]["size"], said.messages[0]["count"]) == ("10", "20")


def test_shown_without_a_question_a_person_is_asked_for(amina: Conversation) -> None:
    said = presses_show(amina, sends(amina))
    assert said.keys[0] == "utter_file_shown"
    assert said.keys[1].startswith("utter_human_waiting")
    assert Conversation.objects.get(pk=amina.pk).waiting_since is not None


def test_shown_with_an_open_question_it_goes_there(amina: Conversation) -> None:
    opened = open_request(NewRequest("o", amina.pk, "en", "CH", "other", "Is there insulin?"))
    said = presses_show(amina, sends(amina))
    assert said.keys == ["utter_file_with_request"]
    assert said.messages[0]["reference"] == opened.reference


def test_shown_while_a_question_is_written_it_goes_with_it(amina: Conversation) -> None:
    said = presses_show(amina, sends(amina), form="request_form")
    assert said.keys == ["utter_file_with_draft"]
    turn = a_turn(slots=DRAFT, form="request_form", **about(amina, 5))
    take(SendRequest(), turn)
    assert StoredFile.objects.get().request is not None


@pytest.mark.parametrize("step", [Stop(), SendRequest()])
def test_a_question_that_is_not_sent_takes_its_files_along(amina: Conversation, step: Any) -> None:
    presses_show(amina, sends(amina), form="request_form")
    take(step, a_turn("stop", form="request_form", **about(amina, 5)))
    assert not StoredFile.objects.exists()


def test_a_button_of_a_file_that_is_gone_has_expired(amina: Conversation) -> None:
    said = sends(amina)
    StoredFile.objects.all().delete()
    assert presses_show(amina, said).keys == ["utter_button_expired"]


# --- places --------------------------------------------------------------------------------------

BERN, ALTDORF, CONSTANCE, MUNICH = (46.95, 7.45), (46.88, 8.64), (47.66, 9.17), (48.14, 11.58)
VADUZ, STRASBOURG, MILAN, NORTH_SEA, KABUL = (
    (47.14, 9.52),
    (48.58, 7.75),
    (45.46, 9.19),
    (55.5, 5.0),
    (34.53, 69.17),
)


@pytest.mark.parametrize(
    ("place", "region"),
    [
        (BERN, "CH-BE"),
        (ALTDORF, "CH-UR"),
        ((46.80, 10.30), "CH-GR"),
        ((46.02, 7.75), "CH-VS"),
        (CONSTANCE, "DE-BW"),
        ((47.64, 9.17), "CH-TG"),
        (MUNICH, "DE-BY"),
        ((52.40, 13.06), "DE-BB"),
        ((52.52, 13.40), "DE-BE"),
        (VADUZ, "elsewhere"),
        (STRASBOURG, "elsewhere"),
        (MILAN, "elsewhere"),
        (NORTH_SEA, "elsewhere"),
        (KABUL, "elsewhere"),
        ((float("nan"), 7.0), "elsewhere"),
        ((1e9, 1e9), "elsewhere"),
    ],
)
def test_a_place_lies_in_a_canton_a_land_or_elsewhere(place: Any, region: str) -> None:
    assert nearest(*place)[0] == region


def near(place: tuple[float, float]) -> Said:
    return take(Inform(), a_turn(**a_press("inform", media="location"), nearest=nearest(*place)))


def test_the_office_of_the_canton_comes_first() -> None:
    said = near(BERN)
    assert said.keys[0] == "utter_location_offices"
    assert said.messages[0]["offices"].startswith("KKF-OCA")
    assert said.messages[0]["in_host_country"] == "CH"


def test_where_no_office_is_known_the_nearest_are_named_and_shown_with_their_town() -> None:
    said = near(ALTDORF)
    venues = [one["custom"] for one in said.messages if one["custom"]]
    assert {one["kind"] for one in venues} == {"venue"}
    assert venues[0]["address"] == "Amt für Migration, Aabachstrasse 1, Zug"
    assert (venues[0]["latitude"], venues[0]["longitude"]) == (47.17, 8.52)
    assert said.keys[-1] == "utter_location_pin", "the pin shows the town, not the door"
    assert "Aabachstrasse" in said.messages[0]["offices"]


def test_in_germany_the_public_contacts_are_named_without_a_pin() -> None:
    said = near(MUNICH)
    assert said.keys == ["utter_location_offices"]
    assert "returningfromgermany" in said.messages[0]["offices"]


def test_elsewhere_gets_a_kind_sentence_and_nothing_is_remembered() -> None:
    for place in (VADUZ, BERN):
        assert near(place).remembered() == set()
    assert near(VADUZ).keys == ["utter_media_location"]


def test_every_office_on_the_map_has_an_address_and_says_what_the_pin_shows() -> None:
    every = nearest_offices("CH", ["ZG", "SG", "SO"]) + nearest_offices("CH", ["FR"])
    assert {one.pin for one in every} == {"town"}
    assert all(one.address for one in every)


# --- links and erasing ---------------------------------------------------------------------------


def test_a_link_with_a_country_and_a_language_is_remembered() -> None:
    press = a_press("greet", host_country="DE", language="ar")
    said = take(Greet(), a_turn(**press, slots={"welcomed": False, "host_country": None}))
    assert said.slot("host_country") == "DE"
    assert said.slot("language") == "ar"
    assert said.messages[-1]["in_language"] == "ar"


def test_erasing_can_be_declined_by_its_button() -> None:
    said = take(Erase(), a_turn(**a_press("delete_my_data", answer="no")))
    assert said.keys == ["utter_erase_kept"]
    assert said.slot("to_confirm") is None


async def test_a_yes_some_messages_later_erases_nothing() -> None:
    from rasa_sdk import Tracker
    from rasa_sdk.executor import CollectingDispatcher

    slots = {"to_confirm": "erase", "language": "en", "welcomed": True}
    message = {"text": "hello", "intent": {"name": "greet", "confidence": 1.0}, "entities": []}
    tracker = Tracker("c" * 32, slots, message, [], False, None, {}, "action_listen")
    events = await Greet().run(CollectingDispatcher(), tracker, {})
    assert {"event": "slot", "timestamp": None, "name": "to_confirm", "value": None} in events
