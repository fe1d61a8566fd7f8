"""Live conversations: the one place where a counsellor's actions on them are written.

Each ``do_*`` is one transaction: check, change, log line, message to the person. Who may call it
at all is decided before (``desk.console.access``); who holds the conversation is decided here.
"""

from __future__ import annotations

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone

from desk import mailbox, roles
from desk.models import Conversation, Counsellor, DeskEvent, Message, Team
from desk.outbox import Outgoing, language_of, send
from desk.waiting_room import people_before, waiting_truth
from wegweiser.settings import settings
from wegweiser.texts import response
from wegweiser.wording import moment, number

Kind = DeskEvent.Kind

HOLDING = (
    "handled_by",
    "waiting_since",
    "passed_on_by",
    "counsellor_typing_at",
    "person_typing_at",
)
"""The columns that say who has a conversation."""


class HeldByColleague(Exception):
    """Somebody else has it; ``by`` is who."""

    def __init__(self, by: Counsellor) -> None:
        super().__init__(by.pk)
        self.by = by


class NotHeld(Exception):
    """The conversation is with the assistant; take it over before you write."""


def do_take_over(counsellor: Counsellor, conversation_id: str) -> Conversation:
    """From now on the counsellor reads and writes, not the assistant; the person is told.

    Raises:
        HeldByColleague: somebody was faster.
    """
    with transaction.atomic():
        conversation = _locked(conversation_id)
        if conversation.handled_by_id == counsellor.pk:
            return conversation
        _must_be_free(conversation)
        conversation.handled_by = counsellor
        _give_to(conversation, counsellor)
        if conversation.danger_since and conversation.danger_seen_by_id is None:
            conversation.danger_seen_by = counsellor
        conversation.save(update_fields=[*HOLDING, "danger_seen_by"])
        mailbox.taken_over(conversation.pk)
        event = _log(Kind.TOOK_OVER, counsellor, conversation)
        _tell(conversation, "utter_counsellor_joined", event=event)
    return conversation


def do_write(counsellor: Counsellor, conversation_id: str, *, key: str, text: str) -> Message:
    """Write to the person; the same ``key`` twice is one message.

    Raises:
        HeldByColleague, NotHeld: the counsellor no longer has the conversation.
    """
    with transaction.atomic():
        conversation = _locked(conversation_id)
        _must_be_mine(conversation, counsellor)
        message, is_new = send(
            Outgoing(
                conversation,
                key,
                text,
                author=Message.Author.COUNSELLOR,
                counsellor=counsellor,
            )
        )
        if is_new:
            _log(Kind.WROTE, counsellor, conversation)
            # Only these columns: the person may write at this moment.
            conversation.counsellor_typing_at = conversation.passed_on_by = None
            conversation.save(update_fields=["counsellor_typing_at", "passed_on_by"])
    return message


def do_pass_on(counsellor: Counsellor, conversation_id: str, to: Counsellor | Team) -> Conversation:
    """Give a conversation to a colleague, who has it at once, or to the queue of a team.

    Whoever waits may be passed on by everybody who sees them; a conversation that a colleague
    holds only by somebody who may move it. The person is told, and keeps their place.

    Raises:
        HeldByColleague: a colleague has it, and the counsellor may not pass it on for them.
        NotHeld: the person has not asked for anybody, or no longer does.
    """
    with transaction.atomic():
        conversation = _locked(conversation_id)
        if conversation.handled_by_id is None and conversation.waiting_since is None:
            raise NotHeld(conversation.pk)
        if conversation.handled_by_id and not counsellor.has_perm(roles.MOVE_CONVERSATIONS):
            _must_be_mine(conversation, counsellor)
        if isinstance(to, Counsellor):
            if conversation.handled_by_id == to.pk:
                return conversation
            _give_to(conversation, to)
            mailbox.taken_over(conversation.pk)
        else:
            if conversation.handled_by_id is None and conversation.team_id == to.pk:
                return conversation
            conversation.handled_by, conversation.team = None, to
            conversation.waiting_since = conversation.waiting_since or timezone.now()
        conversation.passed_on_by = counsellor
        conversation.save(update_fields=[*HOLDING, "team"])
        event = _log(Kind.PASSED_ON, counsellor, conversation, to)
        _tell(conversation, *_passed_on(conversation), event=event)
    return conversation


def _passed_on(conversation: Conversation) -> tuple[str, Mapping[str, str]]:
    """What the person is told: who goes on with them, or how it stands in the new queue."""
    if conversation.handled_by_id is not None:
        return "utter_counsellor_passed_on", {}
    language = language_of(conversation)
    truth = waiting_truth(people_before(conversation), conversation.team, conversation.host_country)
    if truth.staffed_now:
        return "utter_counsellor_to_team", {"before": number(truth.people_before, language)}
    opens = truth.staffed_next.astimezone(ZoneInfo(settings().desk_time_zone))
    return "utter_counsellor_to_team_closed", {"when": moment(opens, language)}


def do_mark_read(counsellor: Counsellor, conversation: Conversation) -> None:
    """Whoever it was passed on to has opened it."""
    if conversation.passed_on_by_id is not None and conversation.handled_by_id == counsellor.pk:
        Conversation.objects.filter(pk=conversation.pk, handled_by=counsellor).update(
            passed_on_by=None
        )


def do_hand_back(
    counsellor: Counsellor, conversation_id: str, *, summary: str = ""
) -> Conversation:
    """Give the conversation back to the assistant; the person is told.

    A ``summary`` stays in the chat as the counsellor's last line. What the person wrote meanwhile
    was for the counsellor, so the assistant does not answer it.

    Raises:
        HeldByColleague: a colleague has it, and the counsellor may not end their conversation.
    """
    with transaction.atomic():
        conversation = _locked(conversation_id)
        if conversation.handled_by_id is None:
            return conversation
        if not counsellor.has_perm(roles.MOVE_CONVERSATIONS):
            _must_be_mine(conversation, counsellor)
        conversation.handled_by = conversation.passed_on_by = None
        conversation.save(update_fields=HOLDING)
        mailbox.taken_over(conversation.pk)
        event = _log(Kind.HANDED_BACK, counsellor, conversation)
        if summary:
            _say_in_short(conversation, counsellor, summary, event)
        _tell(conversation, "utter_counsellor_left", event=event)
    return conversation


def do_mark_danger_seen(counsellor: Counsellor, conversation_id: str) -> None:
    """Somebody has read it: it leaves the top of the list. The first one's name stays."""
    with transaction.atomic():
        conversation = _locked(conversation_id)
        if conversation.danger_since is None or conversation.danger_seen_by_id is not None:
            return
        conversation.danger_seen_by = counsellor
        conversation.save(update_fields=["danger_seen_by"])
        _log(Kind.SAW_DANGER, counsellor, conversation)


def _locked(conversation_id: str) -> Conversation:
    # Of two counsellors the second waits here until the first one's change is written.
    return Conversation.objects.select_for_update().get(pk=conversation_id)


def _must_be_free(conversation: Conversation) -> None:
    if conversation.handled_by is not None:
        raise HeldByColleague(conversation.handled_by)


def _must_be_mine(conversation: Conversation, counsellor: Counsellor) -> None:
    if conversation.handled_by_id == counsellor.pk:
        return
    _must_be_free(conversation)
    raise NotHeld(conversation.pk)


def _give_to(conversation: Conversation, counsellor: Counsellor) -> None:
    conversation.handled_by = counsellor
    conversation.waiting_since = conversation.passed_on_by = None
    conversation.counsellor_typing_at = conversation.person_typing_at = None


def _log(
    kind: DeskEvent.Kind,
    counsellor: Counsellor,
    conversation: Conversation,
    to: Counsellor | Team | None = None,
) -> DeskEvent:
    return DeskEvent.objects.create(
        kind=kind,
        counsellor=counsellor,
        conversation=conversation,
        account=to if isinstance(to, Counsellor) else None,
        team=to if isinstance(to, Team) else None,
    )


def _tell(
    conversation: Conversation,
    key: str,
    values: Mapping[str, str] | None = None,
    *,
    event: DeskEvent,
) -> None:
    text = response(language_of(conversation), key, values)
    send(Outgoing(conversation, f"desk:{event.kind}:{event.pk}", text))


def _say_in_short(
    conversation: Conversation, counsellor: Counsellor, summary: str, event: DeskEvent
) -> None:
    text = response(language_of(conversation), "utter_counsellor_summary", {"summary": summary})
    send(
        Outgoing(
            conversation,
            f"desk:summary:{event.pk}",
            text,
            author=Message.Author.COUNSELLOR,
            counsellor=counsellor,
        )
    )
