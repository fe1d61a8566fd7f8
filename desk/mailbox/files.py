"""Files: named when they arrive, fetched when the person agrees, once, with an end.

``offer`` notes that a person sent a file; nothing is fetched. ``show`` is the person's consent:
the file is wanted, for a live conversation or with a request. ``claim_file`` gives one wanted file
to one fetcher until its lease ends; ``keep_file``, ``retry_file`` and ``refuse_file`` say how it
ended.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from desk.file_types import MAX_BYTES, Checked, NotTaken, check_file
from desk.mailbox.kinds import FileSent
from desk.models import Conversation, FileContent, InformationRequest, Message, StoredFile
from desk.models.requests import RequestEvent
from desk.outbox import HUMAN, Outgoing, language_of, send
from wegweiser.texts import response
from wegweiser.wording import number

__all__ = [
    "FILE_ATTEMPTS",
    "MAX_A_DAY",
    "MAX_BYTES",
    "Checked",
    "NotTaken",
    "Offered",
    "Problem",
    "Shown",
    "WantedFile",
    "check_file",
    "claim_file",
    "drop_drafts",
    "keep_file",
    "limits_in_words",
    "offer",
    "offered",
    "refuse_file",
    "retry_file",
    "send_drafts",
    "show",
]

MAX_A_DAY = 20
"""Files of one person in 24 hours."""
FILE_LEASE = timedelta(minutes=3)
FILE_ATTEMPTS = 12
"""With growing pauses about a day and a half; also the end of a file that kills the process."""
LONGEST_PAUSE = timedelta(hours=6)
FIRST_PAUSE = timedelta(seconds=5)

State = StoredFile.State
For = StoredFile.For
Problem = StoredFile.Problem


@dataclass(frozen=True)
class Offered:
    """What became of the files of a message when it arrived."""

    taken: int = 0
    refused: int = 0


@dataclass(frozen=True)
class Shown:
    """To whom the files of a message go; nothing at all when they are known no more."""

    goes_to: str = ""
    reference: str = ""
    is_live: bool = False
    """A counsellor is writing with the person now."""


@dataclass(frozen=True)
class WantedFile:
    """A file that this fetcher alone may fetch until its lease ends."""

    id: str
    remote_id: str
    attempt: int
    is_poison: bool = False
    """Claimed too often without an end: it is not tried again."""


def offer(message: Message, sent: FileSent, conversation: Conversation) -> None:
    """Note a file that arrived; in the transaction that stores its message.

    Where a counsellor is writing with the person it is for the counsellor, and wanted at once. The
    answer to a message says what of it is refused; what comes later, of an album, is said here.
    """
    since = timezone.now() - timedelta(days=1)
    today = StoredFile.objects.filter(conversation=conversation, created_at__gt=since)
    problem = ""
    if not sent.kind:
        problem = Problem.WRONG_TYPE
    elif sent.size > MAX_BYTES:
        problem = Problem.TOO_BIG
    elif today.count() >= MAX_A_DAY:
        problem = Problem.TOO_MANY
    live = conversation.handled_by_id is not None
    state = State.REFUSED if problem else State.WANTED if live else State.OFFERED
    _, is_new = StoredFile.objects.get_or_create(
        key=sent.key[:120],
        defaults={
            "conversation": conversation,
            "message": message,
            "kind": sent.kind or StoredFile.Kind.PDF,
            "size": min(sent.size, 2**31 - 1),
            "remote_id": "" if problem else sent.remote_id,
            "state": state,
            "goes_to": For.TALK if live else For.NOBODY,
            "problem": problem,
            "next_try_at": timezone.now() if state == State.WANTED else None,
        },
    )
    if problem and live:
        _say_not_taken(conversation, f"file:{sent.key}"[:120])
    elif problem and is_new and message.state != Message.State.WAITING:
        _say_not_taken(conversation, f"file:album:{message.pk}")


def offered(conversation_id: str, message_id: int) -> Offered:
    """How many files of a message can be shown to a person, and how many not."""
    files = StoredFile.objects.filter(conversation_id=conversation_id, message_id=message_id)
    refused = files.filter(state=State.REFUSED).count()
    return Offered(taken=files.count() - refused, refused=refused)


def show(
    conversation_id: str, message_id: int, *, writing_request: bool = False, reference: str = ""
) -> Shown:
    """The person agrees that a counsellor sees the files of a message; twice is once.

    They go with the request that is being written, or that is named; else to the counsellor with
    whom the person talks or waits to talk; else with the newest open request; else to whoever
    takes the conversation.
    """
    with transaction.atomic():
        conversation = Conversation.objects.select_for_update().get(pk=conversation_id)
        files = conversation.files.filter(message_id=message_id)
        request: InformationRequest | None = None
        if writing_request:
            goes_to = For.DRAFT
        else:
            open_ones = conversation.requests.filter(state__in=InformationRequest.OPEN_STATES)
            if reference:
                request = open_ones.filter(reference=reference).first()
            elif conversation.handled_by_id is None and conversation.waiting_since is None:
                request = open_ones.order_by("-id").first()
            goes_to = For.REQUEST if request else For.TALK
        asked = files.filter(goes_to=For.NOBODY, state=State.OFFERED)
        wanted = asked.update(
            state=State.WANTED, goes_to=goes_to, request=request, next_try_at=timezone.now()
        )
        if wanted and request is not None:
            RequestEvent.objects.create(request=request, kind=RequestEvent.Kind.FILE)
        one = files.exclude(goes_to=For.NOBODY).select_related("request").first()
    if one is None:
        return Shown()
    return Shown(
        one.goes_to,
        one.request.reference if one.request else "",
        is_live=conversation.handled_by_id is not None,
    )


def send_drafts(conversation_id: str, reference: str) -> int:
    """The request is sent: the files that were to go with it do. Returns how many."""
    with transaction.atomic():
        request = InformationRequest.objects.get(
            conversation_id=conversation_id, reference=reference
        )
        drafts = StoredFile.objects.filter(conversation_id=conversation_id, goes_to=For.DRAFT)
        sent = drafts.update(goes_to=For.REQUEST, request=request)
        if sent:
            RequestEvent.objects.create(request=request, kind=RequestEvent.Kind.FILE)
    return sent


def drop_drafts(conversation_id: str) -> int:
    """The request is not sent: its files are erased."""
    drafts = StoredFile.objects.filter(conversation_id=conversation_id, goes_to=For.DRAFT)
    return drafts.delete()[1].get("desk.StoredFile", 0)


def claim_file() -> WantedFile | None:
    """Take the file that has waited longest; None when there is none.

    The try is counted before it begins: a file over which the process dies comes to its end, too.
    """
    now = timezone.now()
    waiting = StoredFile.objects.filter(state=State.WANTED, next_try_at__lte=now)
    one = waiting.order_by("next_try_at").first()
    if one is None:
        return None
    # The condition again is the lock: of two fetchers one changes the row.
    if not waiting.filter(pk=one.pk, attempts=one.attempts).update(
        attempts=one.attempts + 1, next_try_at=now + FILE_LEASE
    ):
        return None
    attempt = one.attempts + 1
    return WantedFile(one.pk, one.remote_id, attempt, is_poison=attempt > FILE_ATTEMPTS)


def keep_file(wanted: WantedFile, checked: Checked) -> bool:
    """Store a fetched file, encrypted; False when the person has had it erased meanwhile."""
    with transaction.atomic():
        held = StoredFile.objects.filter(pk=wanted.id, state=State.WANTED)
        kept = held.update(
            state=State.KEPT,
            kind=checked.kind,
            media_type=checked.media_type,
            size=len(checked.content),
            remote_id="",
            next_try_at=None,
        )
        if kept:
            FileContent.objects.create(file_id=wanted.id, content=checked.content)
    return bool(kept)


def retry_file(wanted: WantedFile, *, after: timedelta = timedelta(0)) -> bool:
    """It could not be fetched now: try again later; False when that was the last try."""
    if wanted.attempt >= FILE_ATTEMPTS:
        refuse_file(wanted, Problem.GONE)
        return False
    pause = max(min(FIRST_PAUSE * 3 ** (wanted.attempt - 1), LONGEST_PAUSE), after)
    StoredFile.objects.filter(pk=wanted.id, state=State.WANTED).update(
        next_try_at=timezone.now() + pause
    )
    return True


def refuse_file(wanted: WantedFile, problem: str) -> None:
    """It is not kept, for good; the person is told what can be taken."""
    with transaction.atomic():
        held = StoredFile.objects.filter(pk=wanted.id, state=State.WANTED)
        if not held.update(state=State.REFUSED, problem=problem, remote_id="", next_try_at=None):
            return
        one = StoredFile.objects.select_related("conversation").get(pk=wanted.id)
        _say_not_taken(one.conversation, f"file:{one.pk}")


def limits_in_words(language: str) -> dict[str, str]:
    """The limits as the person reads them."""
    return {
        "size": number(MAX_BYTES // 1_000_000, language),
        "count": number(MAX_A_DAY, language),
    }


def _say_not_taken(conversation: Conversation, key: str) -> None:
    language = language_of(conversation)
    text = response(language, "utter_file_refused", limits_in_words(language))
    send(Outgoing(conversation, key, text, buttons=(HUMAN,)))
