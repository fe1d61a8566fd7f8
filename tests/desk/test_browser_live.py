"""A live conversation in Chromium: a person on the chat page, two counsellors at the desk."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from desk import requests
from desk.models import Conversation, Message
from tests.desk.conftest import SOON, team

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.django_db(transaction=True)

OpenPage = Callable[..., "Page"]


@pytest.fixture
def at_amina(open_page: OpenPage, wait_until: Callable[..., None]) -> Page:
    """Amina's phone with the chat page; she waits for a person."""
    page = open_page(width=390, height=800, locale="fr-CH")
    page.goto("/chat/")
    wait_until(Conversation.objects.exists)
    conversation = Conversation.objects.get()
    Conversation.objects.update(host_country="CH", language="fr")
    requests.ask_for_person(conversation.pk, "family")
    return page


def test_take_over_typing_passing_on_and_handing_back(
    at_amina: Page, log_in_page: OpenPage, jonas: Any, petra: Any
) -> None:
    team("Nürnberg", "DE", petra)
    Conversation.objects.update(team=team("Bern", "CH", jonas))
    conversation = Conversation.objects.get()
    at_jonas, at_petra = log_in_page(jonas), log_in_page(petra)
    at_jonas.locator(f"#talk-{conversation.pk}").click()
    at_jonas.get_by_role("button", name="Take over").click()
    expect(at_amina.locator("#counsellor")).to_be_visible(timeout=SOON)

    typing = at_amina.locator("#typing")
    expect(typing).to_be_hidden()
    at_jonas.get_by_label("Message to the person").press_sequentially("Bon")
    expect(typing).to_contain_text("Une personne de l'équipe de conseil écrit", timeout=SOON)
    at_jonas.get_by_label("Message to the person").fill("Bonjour, je suis Jonas.")
    at_jonas.get_by_role("button", name="Send", exact=True).click()
    expect(at_amina.get_by_text("Bonjour, je suis Jonas.")).to_be_visible(timeout=SOON)
    expect(typing).to_be_hidden()

    sign = at_jonas.get_by_text("The person is typing")
    expect(sign).to_have_count(0)
    at_amina.locator("#text").press_sequentially("Mer")
    expect(sign).to_be_visible(timeout=SOON)
    expect(at_jonas.get_by_text("Mer", exact=True)).to_have_count(0)
    at_amina.locator("#text").fill("Merci d'être là")
    at_amina.locator(".send").click()
    expect(at_jonas.get_by_text("Merci d'être là")).to_be_visible(timeout=SOON)
    expect(sign).to_have_count(0)

    expect(at_petra.get_by_text("Nobody is waiting.")).to_be_visible()
    at_jonas.get_by_text("Pass on to a colleague or a team").click()
    at_jonas.get_by_label("Pass on to", exact=True).select_option("Petra")
    at_jonas.get_by_role("button", name="Pass on", exact=True).click()
    expect(at_jonas.get_by_text("Petra has the conversation now.")).to_be_visible()
    expect(at_petra.get_by_text("passed on by Jonas")).to_be_visible(timeout=SOON)
    expect(at_amina.get_by_text("Une autre personne")).to_be_visible(timeout=SOON)

    at_petra.locator(f"#talk-{conversation.pk}").click()
    at_petra.get_by_text("Hand back with a last line").click()
    at_petra.get_by_label("A last line to the person").fill("Rendez-vous mardi à Berne.")
    at_petra.get_by_role("button", name="Send it and hand back").click()
    expect(at_petra.get_by_text("The assistant has the conversation again.")).to_be_visible()
    expect(at_amina.get_by_text("Rendez-vous mardi à Berne.")).to_be_visible(timeout=SOON)
    expect(at_amina.locator("#counsellor")).to_be_hidden()
    kinds = list(conversation.desk_events.values_list("kind", flat=True))
    done = [kind for kind in kinds if kind != "saw_talk"]
    assert done == ["took_over", "wrote", "passed_on", "handed_back"]


def test_the_sign_goes_by_itself_when_nobody_types_any_more(
    at_amina: Page, log_in_page: OpenPage, jonas: Any
) -> None:
    conversation = Conversation.objects.get()
    page = log_in_page(jonas)
    page.goto(f"/desk/conversations/{conversation.pk}/")
    page.get_by_role("button", name="Take over").click()
    expect(at_amina.locator("#counsellor")).to_be_visible(timeout=SOON)
    at_amina.locator("#text").press_sequentially("Mer")
    sign = page.get_by_text("The person is typing")
    expect(sign).to_be_visible(timeout=SOON)
    expect(sign).to_be_hidden(timeout=9_000)


def test_nobody_is_told_of_typing_while_the_assistant_answers(
    at_amina: Page, wait_until: Callable[..., None]
) -> None:
    asked: list[str] = []
    at_amina.on("request", lambda request: asked.append(request.url))
    at_amina.locator("#text").press_sequentially("Bonjour")
    at_amina.locator(".send").click()
    wait_until(lambda: Message.objects.filter(direction="in", kind="text").exists())
    assert not any("/chat/typing" in url for url in asked)


@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_is_wider_than_the_screen(
    width: int, log_in_page: OpenPage, jonas: Any, petra: Any
) -> None:
    from tests.desk.conftest import talk

    bern = team("W" * 80, "CH", jonas)
    conversation = talk()
    requests.ask_for_person(conversation.pk)
    Conversation.objects.update(passed_on_by=petra)
    assert Conversation.objects.get().team == bern
    page = log_in_page(jonas, width=width)
    for address in ("/desk/", f"/desk/conversations/{conversation.pk}/"):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
