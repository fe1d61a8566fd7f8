"""The promised date: counted in working days, changed by a counsellor, and owned up to when missed.

A delay is told once per request and promise, by a counsellor's click or by itself: the key of the
message names both, so two processes, or one that is killed and started again, tell it once. No new
date is invented; only a counsellor sets one.
"""

from __future__ import annotations

import logging
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import DatabaseError, transaction
from django.db.models import F, Q
from django.utils import timezone

from desk import case
from desk.models import Counsellor, InformationRequest, Message, RequestEvent
from desk.outbox import HUMAN, Outgoing, language_of, send
from wegweiser.settings import settings
from wegweiser.texts import response
from wegweiser.wording import day
from wegweiser.workdays import add_working_days

logger = logging.getLogger(__name__)

Kind = RequestEvent.Kind
AT_ONCE = 25
"""Requests that are told in one go, so that nobody waits for it; the others a little later."""
BY_DAY = range(9, 18)
"""Hours (DESK_TIME_ZONE) in which a message that nobody asked for may make a phone sound."""


def promise(host_country: str) -> date:
    """The day by which an answer to what is asked today is aimed at."""
    days = settings().answer_within_working_days
    return add_working_days(timezone.localdate(), days, host_country)


class NotLate(Exception):
    """The promised day has not passed, or the person knows already that it was missed."""


class NotADate(ValueError):
    """A promise is for a day that is still to come."""


def do_promise(
    counsellor: Counsellor, request_id: int, *, promised_on: date, key: str
) -> InformationRequest:
    """Set another day by which an answer is aimed at, and tell the person; once per ``key``.

    Raises:
        HeldByColleague, NotPossible.
        NotADate: not later than today.
    """
    with transaction.atomic():
        request = case.locked(request_id)
        if Message.objects.filter(key=key, request=request).exists():
            return request
        if not request.is_open:
            raise case.NotPossible(request.state)
        case.must_not_be_others(request, counsellor)
        if promised_on <= timezone.localdate():
            raise NotADate(promised_on)
        if promised_on == request.promised_on:
            return request
        request.promised_on = promised_on
        request.save(update_fields=["promised_on"])
        _tell(request, "utter_request_new_date", key, counsellor)
        case.note(request, Kind.PROMISED, counsellor, text=promised_on.isoformat())
    return request


def do_tell_delay(counsellor: Counsellor | None, request_id: int) -> InformationRequest:
    """Tell the person that the promised day has passed; once per promise, whoever asks for it.

    Raises:
        HeldByColleague: a colleague has the request.
        NotLate: it has not passed, the request is done, or it was told.
    """
    with transaction.atomic():
        request = case.locked(request_id)
        if counsellor is not None:
            case.must_not_be_others(request, counsellor)
        is_late = request.is_open and request.promised_on < timezone.localdate()
        if not is_late or request.delay_told_for == request.promised_on:
            raise NotLate(request.pk)
        key = f"delay:{request.pk}:{request.promised_on.isoformat()}"
        _tell(request, "utter_request_late", key, counsellor)
        request.delay_told_for = request.promised_on
        request.save(update_fields=["delay_told_for"])
        case.note(request, Kind.DELAY_TOLD, counsellor)
    return request


def tell_delays() -> int:
    """Tell everybody whose promise has passed and who does not know yet; how many were told.

    By day only. For a process that is always there to call now and then; harmless at any time
    and in any number of processes.
    """
    now: datetime = timezone.now().astimezone(ZoneInfo(settings().desk_time_zone))
    if now.hour not in BY_DAY:
        return 0
    late = InformationRequest.objects.filter(
        Q(delay_told_for__isnull=True) | ~Q(delay_told_for=F("promised_on")),
        state__in=InformationRequest.OPEN_STATES,
        promised_on__lt=timezone.localdate(),
    )
    told = 0
    for request_id in late.order_by("promised_on", "pk").values_list("pk", flat=True)[:AT_ONCE]:
        try:
            do_tell_delay(None, request_id)
        except (NotLate, InformationRequest.DoesNotExist):
            continue  # somebody else was faster
        except DatabaseError as error:
            # The next ones are not kept waiting by one row; this one is tried again.
            logger.warning("delay.untold request=%s error=%s", request_id, type(error).__name__)
            continue
        told += 1
    return told


def _tell(request: InformationRequest, what: str, key: str, counsellor: Counsellor | None) -> None:
    language = language_of(request.conversation)
    values = {"reference": request.reference, "date": day(request.promised_on, language)}
    status = f'/check_request{{"reference": "{request.reference}", "answer": "add"}}'
    send(
        Outgoing(
            request.conversation,
            key,
            response(language, what, values),
            author=Message.Author.COUNSELLOR if counsellor else Message.Author.ASSISTANT,
            counsellor=counsellor,
            request=request,
            buttons=(("add", status), HUMAN),
        )
    )
