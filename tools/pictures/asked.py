"""The requests of the pictures: of the weeks before, open ones, and what went into the archive."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from django.utils import timezone

from desk import archiving, casework, drafts, promises, requests, satisfaction
from desk.models import Counsellor, InformationRequest, Rating
from tools.pictures import sayings
from tools.pictures.moments import draw, happened, numbers, talk_of, worked, wrote
from tools.pictures.sayings import Asked, Kept
from wegweiser.settings import settings
from wegweiser.workdays import add_working_days

EARLIER = 120
"""Requests of the weeks before."""
WEEKS = 12


def ask(row: Asked, *, facts: Mapping[str, str] | None = None) -> InformationRequest:
    """The request, as the assistant would have handed it over; with ``facts`` all is shared."""
    talk = talk_of(row.language, row.host, row.country)
    status = requests.open_request(
        requests.NewRequest(
            origin_key=f"picture:{next(numbers)}",
            conversation_id=talk.pk,
            language=row.language,
            host_country=row.host,
            topic=row.topic,
            question=row.question,
            country=row.country,
            place=row.place,
            shares_conversation=facts is not None,
            facts=facts or {},
        )
    )
    received = wrote(row.days)
    happened(talk, received)
    found = InformationRequest.objects.get(reference=status.reference)
    within = settings().answer_within_working_days
    day = timezone.localtime(received).date()
    found.promised_on = add_working_days(day, within, row.host)
    found.save(update_fields=["promised_on"])
    return found


def opened(row: Asked, who: dict[str, Counsellor]) -> InformationRequest:
    """A request that is still being worked on, in its state."""
    request = ask(row)
    if row.by:
        casework.do_take(who[row.by], request.pk)
        happened(request.conversation, worked(row.days - 1, 9))
    if row.in_english:
        drafts.do_translate_question(
            who[row.by], request.pk, language="en", text=row.in_english, by_machine=False
        )
    if row.state in ("with_country_office", "answer_received"):
        casework.do_set_state(who[row.by], request.pk, "with_country_office")
        happened(request.conversation, worked(row.days - 2, 14))
    if row.state == "answer_received":
        casework.do_set_state(who[row.by], request.pk, row.state)
        happened(request.conversation, worked(1, 16))
    if row.state == "checked":
        written = drafts.Written(0, sayings.CHECKED)
        drafts.do_save_draft(who[row.by], request.pk, written)
        casework.do_check(who["ruth"], request.pk)
        happened(request.conversation, worked(1, 11))
    if request.promised_on < timezone.localdate() and row.by:
        promises.do_tell_delay(who[row.by], request.pk)
        happened(request.conversation, worked(1, 9))
    return request


def answered(row: Asked, by: Counsellor, answer: str, after: int) -> InformationRequest:
    """Taken the day after, answered some days later, and arrived."""
    request = ask(row)
    casework.do_take(by, request.pk)
    happened(request.conversation, worked(max(row.days - 1, 0), 9))
    key = f"answer:{request.pk}"
    casework.do_answer(by, request.pk, key=key, text=answer)
    InformationRequest.objects.filter(pk=request.pk).update(state="delivered")
    happened(request.conversation, worked(max(row.days - after, 0), 15))
    request.refresh_from_db()
    return request


def earlier(who: dict[str, Counsellor]) -> None:
    """The weeks before: answered, some late, a few declined, most of them rated."""
    counsellors = [who[name] for name in ("jonas", "petra", "samira")]
    for n in range(EARLIER):
        language, host, country, topic = draw.choice(sayings.BEFORE)
        days = 4 + n * (WEEKS * 7 - 6) // EARLIER
        row = Asked(language, host, country, "", topic, "…", days)
        by = draw.choice(counsellors)
        if n % 17 == 0:
            request = ask(row)
            casework.do_take(by, request.pk)
            casework.do_decline(by, request.pk, reason="asylum", key=f"no:{request.pk}")
            happened(request.conversation, worked(days - 2, 11))
            continue
        after = min(days, draw.choice((3, 5, 7, 8, 10, 12, 14, 17, 19, 24)))
        request = answered(row, by, "…", after)
        if days > after:
            casework.do_close(by, request.pk)
            happened(request.conversation, worked(days - after - 1, 16))
        if n % 4:
            value = draw.choices(Rating.Value.values, (6, 3, 1))[0]
            satisfaction.rate(request.conversation_id, request.reference, value)
            Rating.objects.filter(request=request).update(created_at=wrote(days - after))


def proposed(kept: Kept, by: Counsellor) -> int:
    """Asked, answered, and proposed for the archive; the id of the proposal."""
    row = Asked(
        kept.language, kept.host, kept.country, "", kept.topic, kept.question, kept.days + 9
    )
    request = answered(row, by, kept.answer, 9)
    casework.do_close(by, request.pk)
    happened(request.conversation, worked(kept.days, 16))
    texts = (
        archiving.Written(kept.language, kept.question, kept.answer),
        archiving.Written("en", *kept.in_english),
    )
    harmless = frozenset(filter(None, [kept.harmless]))
    day = timezone.localdate() - timedelta(days=kept.days)
    proposal = archiving.Proposal(kept.country, kept.host, kept.topic, day, texts, harmless)
    made = archiving.do_propose(by, request.pk, proposal)
    happened(request.conversation, worked(kept.days, 16))
    return made.pk
