"""Fills the database of the pictures: three months of a desk, through its own functions.

``python manage.py shell -c`` runs ``fill`` before the assistant is started: what people wrote here
has been answered long ago, and the assistant must not find it waiting.
"""

from __future__ import annotations

import itertools
from datetime import timedelta

from django.utils import timezone

from desk import archiving, canned, casework, conversations, mailbox, requests
from desk.console.news import settings_of
from desk.models import (
    Conversation,
    Counsellor,
    DailyCount,
    InformationRequest,
    ListSettings,
    Message,
    SavedView,
)
from tools.pictures import sayings
from tools.pictures.asked import WEEKS, answered, ask, earlier, opened, proposed
from tools.pictures.cast import people
from tools.pictures.insulin import insulin
from tools.pictures.moments import FRIDAY, done, draw, happened, numbers, talk_of, worked


def fill(password: str) -> dict[str, str]:
    """Everything; all who work at the desk log in with ``password``.

    Returns what the addresses of single pages end with.
    """
    who = people(password)
    _canned(who["ruth"])
    earlier(who)
    for kept in sayings.ARCHIVE:
        archiving.do_approve(who["ruth"], proposed(kept, who["samira"]))
        done(worked(kept.days - 1, 10))
    waiting = proposed(sayings.PROPOSED, who["petra"])
    done(worked(sayings.PROPOSED.days, 16))
    private = answered(sayings.PRIVATE, who["samira"], sayings.PRIVATE_ANSWER, 6)
    not_arrived = answered(sayings.NOT_ARRIVED, who["jonas"], sayings.NOT_ARRIVED_ANSWER, 11)
    asks = insulin(who["jonas"], who["samira"])
    requests_now = [opened(row, who) for row in sayings.OPEN]
    translated = next(one for one in requests_now if hasattr(one, "translation"))
    _views(who["jonas"])
    _since_then(who)
    _live(who["petra"], who["jonas"])
    _counted()
    # Nothing is left for the assistant to send or to answer.
    Message.objects.filter(direction="in").update(state="done", settled_at=timezone.now())
    Message.objects.filter(direction="out").update(
        state="sent", settled_at=timezone.now(), send_after=None
    )
    Message.objects.filter(direction="out", request=not_arrived).update(state="failed")
    InformationRequest.objects.filter(pk=not_arrived.pk).update(state="checked")
    return {
        "not_arrived": not_arrived.reference,
        "proposed": str(waiting),
        "private": private.reference,
        "insulin": asks.reference,
        "translated": translated.reference,
    }


def _canned(ruth: Counsellor) -> None:
    for title, topic, english, arabic in sayings.CANNED:
        texts = {"en": english, "ar": arabic}
        canned.do_save_canned(ruth, canned.Canned(title, topic, "", texts))
    done(worked(30, 11))


def _views(jonas: Counsellor) -> None:
    for name, query in (
        ("Overdue", "show=all&overdue=1"),
        ("العربية", "show=all&language=ar"),
        ("Medical, Germany", "show=all&host=DE&topic=medical"),
    ):
        SavedView.objects.create(counsellor=jonas, name=name, query=query)


def _since_then(who: dict[str, Counsellor]) -> None:
    """What is news to Jonas, who last looked this morning."""
    mine, _last = settings_of(who["jonas"])
    ListSettings.objects.filter(pk=mine.pk).update(seen_at=worked(0, 8))
    for row in sayings.NEWS:
        ask(row)
    found = {one.language: one for one in InformationRequest.objects.filter(closed_at=None)}
    casework.do_note(who["samira"], found["so"].pk, sayings.NEWS_NOTE)
    requests.add_information(
        found["sq"].conversation_id, found["sq"].reference, sayings.NEWS_ADDED, "sq:added"
    )
    for one in (found["so"], found["sq"]):
        happened(one.conversation, worked(0, 9))


def _says(talk: Conversation, text: str) -> None:
    mailbox.receive(
        mailbox.Incoming(talk.channel, talk.address, f"says:{next(numbers)}", text=text)
    )


def _live(petra: Counsellor, jonas: Counsellor) -> None:
    """Two who wait, one whom Petra passed on to Jonas, and one in danger."""
    for language, host, country, topic, text, minutes in sayings.WAITS:
        talk = talk_of(language, host, country)
        _says(talk, text)
        requests.ask_for_person(talk.pk, topic)
        since = timezone.now() - timedelta(minutes=minutes)
        Conversation.objects.filter(pk=talk.pk).update(waiting_since=since)
        happened(talk, since)
    language, host, country, topic, text, minutes = sayings.PASSED_ON
    talk = talk_of(language, host, country)
    requests.ask_for_person(talk.pk, topic)
    conversations.do_take_over(petra, talk.pk)
    conversations.do_pass_on(petra, talk.pk, jonas)
    _says(talk, text)
    happened(talk, timezone.now() - timedelta(minutes=minutes))
    danger = talk_of("uk", "CH", "UA")
    _says(danger, sayings.DANGER)
    requests.raise_danger(danger.pk)
    happened(danger, timezone.now() - timedelta(minutes=1))


def _counted() -> None:
    """What people asked the assistant, and how often it did not understand."""
    today = timezone.localdate()
    for days, (language, share) in itertools.product(range(WEEKS * 7), sayings.SHARES):
        day = today - timedelta(days=days)
        busy = share * (0.4 if day.weekday() > FRIDAY else 1.0)
        rows = [("asked", name, number * busy) for name, number in sayings.COUNTED]
        rows.append(("not_understood", "", 1.2 * busy))
        DailyCount.objects.bulk_create(
            DailyCount(
                day=day,
                kind=kind,
                name=name,
                language=language,
                host_country="CH",
                number=draw.randrange(int(most) + 2),
            )
            for kind, name, most in rows
        )
