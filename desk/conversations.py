"""Live conversations: the one place where a counsellor's actions on them are written.

Each ``do_*`` is one transaction: check, change, log line, message to the person. Who may call it
at all is decided before (``desk.console.access``); who holds the conversation is decided here.
"""

from __future__ import annotations

from django.db import transaction

from desk import mailbox, roles
from desk.models import Conversation, Counsellor, DeskEvent, Message
from desk.outbox import Outgoing, language_of, send
from wegweiser.texts import response

Kind = DeskEvent.Kind


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
        conversation.waiting_since = None
        if conversation.danger_since and conversation.danger_seen_by_id is None:
            conversation.danger_seen_by = counsellor
        conversation.save(update_fields=["handled_by", "waiting_since", "danger_seen_by"])
        mailbox.taken_over(conversation.pk)
        event = _log(Kind.TOOK_OVER, counsellor, conversation)
        _tell(conversation, "utter_counsellor_joined", event)
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
    return message


def do_hand_back(counsellor: Counsellor, conversation_id: str) -> Conversation:
    """Give the conversation back to the assistant; the person is told.

    What the person wrote meanwhile was for the counsellor, so the assistant does not answer it.

    Raises:
        HeldByColleague: a colleague has it, and the counsellor may not end their conversation.
    """
    with transaction.atomic():
        conversation = _locked(conversation_id)
        if conversation.handled_by_id is None:
            return conversation
        if not counsellor.has_perm(roles.MOVE_CONVERSATIONS):
            _must_be_mine(conversation, counsellor)
        conversation.handled_by = None
        conversation.save(update_fields=["handled_by"])
        mailbox.taken_over(conversation.pk)
        event = _log(Kind.HANDED_BACK, counsellor, conversation)
        _tell(conversation, "utter_counsellor_left", event)
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


def _log(kind: DeskEvent.Kind, counsellor: Counsellor, conversation: Conversation) -> DeskEvent:
    return DeskEvent.objects.create(kind=kind, counsellor=counsellor, conversation=conversation)


def _tell(conversation: Conversation, key: str, event: DeskEvent) -> None:
    text = response(language_of(conversation), key)
    send(Outgoing(conversation, f"desk:{event.kind}:{event.pk}", text))
