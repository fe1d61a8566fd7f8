"""The requests door: what the assistant hands to people at the desk, and what it asks about it.

Every writing function takes the key of the message that caused it and may be called twice with
it: a turn that is repeated after a crash opens no second request.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from desk import workflow
from desk.mailbox.unread import forget_unread
from desk.models import Conversation, DeskEvent, InformationRequest, Message, RequestEvent, Tracker
from desk.promises import promise, tell_delays
from desk.references import new_reference, parse_reference
from desk.search_index import index
from desk.teams import team_for
from desk.waiting_room import (
    Waiting,
    ask_for_person,
    raise_danger,
    stop_waiting,
    waiting_truth,
)

__all__ = [
    "Erased",
    "NewRequest",
    "RequestStatus",
    "UnknownRequest",
    "Waiting",
    "add_information",
    "ask_for_person",
    "erase",
    "open_request",
    "parse_reference",
    "promise",
    "raise_danger",
    "requests_of",
    "stop_waiting",
    "tell_delays",
    "waiting_truth",
    "withdraw",
]

State = InformationRequest.State


class UnknownRequest(LookupError):
    """No such request in this conversation (somebody else's looks the same)."""


@dataclass(frozen=True)
class NewRequest:
    """What a person asks a counsellor to find out."""

    origin_key: str
    conversation_id: str
    language: str
    host_country: str
    topic: str
    question: str
    country: str = ""
    place: str = ""
    shares_conversation: bool = False
    facts: Mapping[str, str] = field(default_factory=dict)
    """What the person told about their situation, {fact: value}; kept only if they agreed."""


@dataclass(frozen=True)
class RequestStatus:
    """A request as the person who asked may see it."""

    reference: str
    state: str
    topic: str
    country: str
    promised_on: date
    created_at: datetime
    is_open: bool
    answer: str = ""


@dataclass(frozen=True)
class Erased:
    """What an erasure removed."""

    messages: int
    requests: int


def open_request(new: NewRequest) -> RequestStatus:
    """Open a request, with a reference and a promised date; repeated, it returns the first one."""
    known = InformationRequest.objects.filter(origin_key=new.origin_key).first()
    if known is not None:
        return _status(known)
    promised = promise(new.host_country)
    facts: Any = dict(new.facts) if new.shares_conversation and new.facts else None
    for _ in range(20):
        try:
            with transaction.atomic():
                request = InformationRequest.objects.create(
                    origin_key=new.origin_key,
                    reference=new_reference(),
                    conversation_id=new.conversation_id,
                    language=new.language,
                    host_country=new.host_country,
                    country=new.country,
                    place=new.place,
                    topic=new.topic,
                    question=new.question,
                    shares_conversation=new.shares_conversation,
                    facts=facts,
                    promised_on=promised,
                    team=team_for(new.host_country),
                )
                RequestEvent.objects.create(
                    request=request, kind=RequestEvent.Kind.OPENED, origin_key=new.origin_key
                )
                index(request.pk, new.question, new.place)
            return _status(request)
        except IntegrityError:
            known = InformationRequest.objects.filter(origin_key=new.origin_key).first()
            if known is not None:
                return _status(known)
    raise RuntimeError("No free reference number after 20 tries; are references being reused?")


def requests_of(conversation_id: str) -> list[RequestStatus]:
    """The requests of a conversation, newest first."""
    found = InformationRequest.objects.filter(conversation_id=conversation_id).order_by("-id")
    return [_status(request) for request in found]


def add_information(
    conversation_id: str, reference: str, text: str, origin_key: str
) -> RequestStatus:
    """Add what the person writes to their request; a closed one is opened again.

    Raises:
        UnknownRequest: not a request of this conversation.
    """
    with transaction.atomic():
        request = _of(conversation_id, reference)
        if RequestEvent.objects.filter(origin_key=origin_key).exists():
            return _status(request)
        RequestEvent.objects.create(
            request=request, kind=RequestEvent.Kind.ADDED, text=text, origin_key=origin_key
        )
        index(request.pk, text)
        step = workflow.step("follow_up")
        if request.state in step.sources:
            request.state = State.TAKEN if request.taken_by_id else step.to
            request.closed_at = None
            # A new question has the same time as every other one, from today.
            request.promised_on = max(request.promised_on, promise(request.host_country))
            request.save(update_fields=["state", "closed_at", "promised_on"])
    return _status(request)


def withdraw(conversation_id: str, reference: str) -> RequestStatus:
    """The person takes the question back; harmless when it is closed already.

    Raises:
        UnknownRequest: not a request of this conversation.
    """
    with transaction.atomic():
        request = _of(conversation_id, reference)
        step = workflow.step("withdraw")
        if request.state in step.sources:
            request.state = step.to
            request.closed_at = timezone.now()
            request.save(update_fields=["state", "closed_at"])
            RequestEvent.objects.create(request=request, kind=RequestEvent.Kind.WITHDRAWN)
    return _status(request)


def _of(conversation_id: str, reference: str) -> InformationRequest:
    try:
        return InformationRequest.objects.select_for_update().get(
            conversation_id=conversation_id, reference=reference
        )
    except InformationRequest.DoesNotExist as missing:
        raise UnknownRequest(reference) from missing


def _status(request: InformationRequest) -> RequestStatus:
    answers = request.answers.filter(kind=Message.KIND_ANSWER)
    answer = answers.exclude(state=Message.State.WITHDRAWN).order_by("id").last()
    return RequestStatus(
        reference=request.reference,
        state=request.state,
        topic=request.topic,
        country=request.country,
        promised_on=request.promised_on,
        created_at=request.created_at,
        is_open=request.state in InformationRequest.OPEN_STATES,
        answer=answer.text if answer else "",
    )


def erase(conversation_id: str) -> Erased:
    """Erase what is kept of a person: texts, requests, Rasa's memory, the conversation itself.

    The conversation row lives on, empty, until the confirmation is delivered
    (``desk.mailbox``), since without the contact id nobody could be told. Repeated, it counts 0.
    """
    with transaction.atomic():
        conversation = Conversation.objects.select_for_update().get(pk=conversation_id)
        messages = conversation.messages.exclude(state=Message.State.WAITING)
        count = messages.count()
        messages.delete()
        # The message being answered now has to stay until its turn is committed; it is emptied.
        conversation.messages.filter(direction=Message.Direction.OUT).delete()
        requests, _ = conversation.requests.count(), conversation.requests.all().delete()
        Tracker.objects.filter(conversation=conversation).delete()
        conversation.files.all().delete()
        forget_unread(conversation)
        if conversation.handled_by_id is not None:
            # The counsellor who was talking with the person learns why nothing is there any more.
            DeskEvent.objects.create(
                kind=DeskEvent.Kind.ERASED,
                counsellor_id=conversation.handled_by_id,
                conversation=conversation,
            )
        Conversation.objects.filter(pk=conversation_id).update(
            language_hint="",
            host_country="",
            country="",
            topic="",
            team=None,
            handled_by=None,
            waiting_since=None,
            passed_on_by=None,
            danger_since=None,
            danger_seen_by=None,
            erase_asked_at=timezone.now(),
        )
    return Erased(messages=count, requests=requests)
