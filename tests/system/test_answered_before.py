"""An answer of before, in German, helps with a question in French: the real encoder decides."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.system.running import Wegweiser
from tests.system.talk import Talk, keys_of
from tests.telegram_server import Sent, TelegramServer
from wegweiser.texts import button

pytestmark = pytest.mark.asyncio(loop_scope="session")

ARCHIVED = """
from django.utils import timezone
from desk import archive_search
from desk.models import ArchivedAnswer, ArchivedText
for question, text in (
    ("Gibt es in Herat Insulin glargin, und was kostet es?", "Ja, in der Apotheke am Spital."),
    ("Wer behandelt in Herat Zahnschmerzen?", "Drei Praxen."),
):
    made = ArchivedAnswer.objects.create(
        country="AF", host_country="CH", topic="medical",
        valid_as_of=timezone.localdate(), approved_at=timezone.now(),
    )
    ArchivedText.objects.create(answer=made, language="de", question=question, text=text)
    archive_search.give_vector(made)
    made.refresh_from_db()
    assert made.encoder, "the desk got no vector from the assistant"
"""


FORGET = "from desk.models import ArchivedAnswer; ArchivedAnswer.objects.all().delete()"


@pytest.fixture
def archived(wegweiser: Wegweiser) -> Iterator[None]:
    """Two answers, for this test only: they would be offered in the others, too."""
    wegweiser.manage("shell", "-c", ARCHIVED)
    yield
    wegweiser.manage("shell", "-c", FORGET)


def fr(key: str) -> str:
    return button("fr", key)


def keys(sent: list[Sent]) -> list[set[str]]:
    return [keys_of(one.text, "fr") for one in sent]


@pytest.mark.usefixtures("archived")
async def test_what_was_answered_before_is_offered_before_a_question_is_sent(
    wegweiser: Wegweiser, telegram: TelegramServer
) -> None:
    amina = Talk(wegweiser, telegram.person(820_101, language="fr"))
    await amina.says("/help")
    await amina.presses(fr("question"))
    await amina.presses(fr("yes"))
    await amina.presses(fr("switzerland"))
    await amina.says("Afghanistan")
    await amina.says("Herat")
    await amina.presses(fr("topic_medical"))
    await amina.says("Trouve-t-on de l'insuline glargine à Herat, et à quel prix ?")
    offered = await amina.presses(fr("share_no"))
    assert len(offered) == 2, [one.text for one in offered]
    assert "utter_archive_answer_other" in keys(offered)[0], offered[0].text
    assert "Apotheke am Spital" in offered[0].text
    assert "Deutsch" in offered[0].text
    assert "utter_archive_ask" in keys(offered)[-1]

    helped = await amina.presses(fr("archive_helps"))
    assert "utter_archive_helped" in keys(helped)[-1]
    assert "utter_request_none" in keys(await amina.says("/status"))[0]

    read_back = await amina.presses(fr("archive_go_on"))
    assert "utter_request_ask_confirmed" in keys(read_back)[-1]
    assert "utter_request_sent" in keys(await amina.presses(fr("send")))[0]
