"""A desk on a busy day, as a counsellor with forty open requests finds it.

For tests that look at whole pages, and for the pictures of the documentation.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone

from tests.desk.conftest import account, asked, assistant_says, said, talk, team
from tests.files import OGG, a_kept_file, photo

if TYPE_CHECKING:
    from desk.models import ArchivedAnswer, CannedAnswer, Conversation, Counsellor, Team
    from desk.models import InformationRequest as Request

ARABIC = (
    "كم يكلف دواء الأنسولين في حلب، وهل تدفعون ثمنه؟ ابني مريض بالسكري منذ سنتين، "
    "ورقم هاتفي 079 123 45 67. نريد أن نعود قبل الشتاء، لكننا نخاف ألا نجد الدواء هناك."
)
TIGRINYA = "ኣብ ኣስመራ ንክልተ ክፍሊ ዘለዎ ገዛ ክንደይ ይኽፈል? ንሓንቲ ስድራ ቤት ክልተ ቆልዑ ኣለዉዋ።"
QUESTIONS = {
    "ar": ("SY", "هل توجد مدرسة قريبة من بيت أهلي في حمص؟"),
    "ti": ("ER", TIGRINYA),
    "fa": ("AF", "آیا در هرات برای باز کردن یک مغازه کمک می‌کنند؟"),
    "en": ("NG", "Is there a training for tailors in Benin City, and what does it cost?"),
    "fr": ("CM", "Combien coûte un appartement de deux pièces à Douala ?"),
    "tr": ("TR", "Diyarbakır'da böbrek hastaları için diyaliz merkezi var mı?"),
    "so": ("SO", "Hargeysa ma ka heli karaa shaqo darawalnimo?"),
    "ka": ("GE", "რა ღირს ორსართულიანი ბინა ქუთაისში?"),
}
TOPICS = ("medical", "housing", "job", "education", "business")


@dataclass(frozen=True)
class Busy:
    """Who and what is there; ``asks`` is the Arabic request with everything in it."""

    vera: Counsellor
    petra: Counsellor
    bern: Team
    asks: Request
    answered: Request
    overdue: Request
    speaks: Conversation
    waits: Conversation
    danger: Conversation
    canned: CannedAnswer
    proposed: ArchivedAnswer
    approved: ArchivedAnswer
    link: str


def busy_desk(vera: Counsellor) -> Busy:
    """Everything; ``vera`` is the one who looks at it and has the work."""
    from desk import accounts

    petra = account("petra", "counsellor")
    bern = team("Bern", "CH", vera, petra, hours="Mon-Fri 09:00-12:00")
    team("Berlin und Brandenburg", "DE")
    nora = accounts.do_invite(
        vera,
        "nora",
        accounts.AccountFacts("Nora", "Ünlü-Hohenstein", "de", ("counsellor",), (bern,)),
    )
    canned = _canned(vera)
    proposed, approved = _archive(vera, petra)
    asks, answered, overdue = _one(vera, petra), _answered(vera), _overdue(vera)
    _forty(vera, petra)
    _said_and_counted(vera)
    speaks, waits, danger = _live(vera)
    return Busy(
        vera=vera,
        petra=petra,
        bern=bern,
        asks=asks,
        answered=answered,
        overdue=overdue,
        speaks=speaks,
        waits=waits,
        danger=danger,
        canned=canned,
        proposed=proposed,
        approved=approved,
        link=accounts.do_make_link(vera, nora).partition("/desk/")[2],
    )


def _canned(vera: Counsellor) -> CannedAnswer:
    from desk import canned

    made = canned.do_save_canned(
        vera,
        canned.Canned(
            "Ask a pharmacy", "medical", "", {"en": "Ask a pharmacy.", "ar": "اسألوا صيدلية."}
        ),
    )
    canned.do_save_canned(vera, canned.Canned("Opening hours", "", "CH", {"en": "Mornings."}))
    return made


def _archive(vera: Counsellor, petra: Counsellor) -> tuple[ArchivedAnswer, ArchivedAnswer]:
    """A proposal with a passage to look at, and an answer that is found, older than a year."""
    from desk.models import ArchivedAnswer, ArchivedText

    today = timezone.localdate()
    proposed = ArchivedAnswer.objects.create(
        country="SY",
        topic="medical",
        valid_as_of=today,
        proposed_by=petra,
        harmless=["+963 21 000 00 00"],
    )
    approved = ArchivedAnswer.objects.create(
        country="SY",
        host_country="CH",
        topic="medical",
        valid_as_of=today - timedelta(days=500),
        proposed_by=petra,
        approved_by=vera,
        approved_at=timezone.now(),
    )
    for one in (proposed, approved):
        ArchivedText.objects.create(
            answer=one,
            language="ar",
            question="كم يكلف الأنسولين في حلب؟",
            text="حوالي 20 دولاراً في الشهر. الصيدلية: +963 21 000 00 00",
        )
        ArchivedText.objects.create(answer=one, language="en", text="About 20 dollars a month.")
    return proposed, approved


def _one(vera: Counsellor, petra: Counsellor) -> Request:
    """The Arabic request: facts, files, notes, a translation, a draft, something added."""
    from desk import casework, drafts, requests
    from desk.models import StoredFile

    conversation = talk(language="ar", country="SY", topic="medical")
    said(conversation, "هل يمكنني أن أسأل شخصاً؟")
    assistant_says(conversation, "نعم. اكتبوا سؤالكم.", "سؤال جديد", "لا")
    request = asked(
        conversation,
        question=ARABIC,
        country="SY",
        topic="medical",
        place="حلب",
        shares_conversation=True,
        facts={"nationality": "SY", "status": "temporarily_admitted", "medical_need": "true"},
    )
    for content in (photo(), OGG):
        a_kept_file(request, content)
    a_kept_file(request)
    StoredFile.objects.create(
        key="too-big",
        conversation=conversation,
        request=request,
        kind=StoredFile.Kind.PDF,
        state=StoredFile.State.REFUSED,
        problem=StoredFile.Problem.TOO_BIG,
        goes_to=StoredFile.For.REQUEST,
    )
    casework.do_take(vera, request.pk)
    casework.do_note(petra, request.pk, "Ask the office in Damascus, not Aleppo.")
    casework.do_set_state(vera, request.pk, "with_country_office")
    drafts.do_translate_question(
        vera,
        request.pk,
        language="en",
        text="What does insulin cost in Aleppo, and do you pay for it?",
        by_machine=True,
    )
    written = drafts.Written(
        0, "حوالي 20 دولاراً في الشهر.", "About 20 dollars a month.", "en", by_machine=True
    )
    drafts.do_save_draft(vera, request.pk, written)
    requests.add_information(
        request.conversation_id, request.reference, "وهل يحتاج وصفة طبية؟", f"add:{request.pk}"
    )
    return request


def _answered(vera: Counsellor) -> Request:
    """A Tigrinya request whose answer has arrived, with what the person says about it."""
    from desk import casework, satisfaction
    from desk.models import Message

    request = asked(talk(language="ti", country="ER"), question=TIGRINYA, country="ER")
    casework.do_answer(
        vera, request.pk, key=f"answer:{request.pk}", text="ኣስታት 5000 ናቕፋ ንወርሒ።\n---\nሰላም ኩኑ።"
    )
    rows = Message.objects.filter(request=request)
    rows.update(state="sent", settled_at=timezone.now())
    satisfaction.rate(request.conversation_id, request.reference, "partly")
    satisfaction.add_word(request.conversation_id, request.reference, "የቐንየለይ")
    return request


def _overdue(vera: Counsellor) -> Request:
    """Late, in French, and nobody has told the person."""
    request = asked(
        talk(language="fr", country="CM"), question=QUESTIONS["fr"][1], country="CM", topic="job"
    )
    request.promised_on = timezone.localdate() - timedelta(days=6)
    request.save(update_fields=["promised_on"])
    return request


def _forty(vera: Counsellor, petra: Counsellor) -> None:
    """Open requests in every state, of many languages, some late, some with nobody."""
    from desk.models import InformationRequest

    state = InformationRequest.State
    states = (state.RECEIVED, state.TAKEN, state.WITH_COUNTRY_OFFICE, state.CHECKED)
    languages = list(QUESTIONS.items())
    for i in range(40):
        language, (country, question) = languages[i % len(languages)]
        request = asked(
            talk(language=language, country=country),
            question=question,
            country=country,
            topic=TOPICS[i % len(TOPICS)],
            host_country="DE" if i % 3 == 0 else "CH",
        )
        request.state = states[i % len(states)]
        request.taken_by = None if request.state == state.RECEIVED else (vera, petra)[i % 2]
        request.promised_on += timedelta(days=i // 4 - (30 if i % 11 == 0 else 0))
        request.save(update_fields=["state", "taken_by", "promised_on"])


def _said_and_counted(vera: Counsellor) -> None:
    """Enough answers rated, and questions counted, that the figures show something."""
    from desk.models import DailyCount, InformationRequest, Rating, RequestEvent

    today = timezone.localdate()
    for i in range(12):
        request = asked(talk(language="en"), topic=TOPICS[i % 2])
        state = InformationRequest.State.CLOSED
        InformationRequest.objects.filter(pk=request.pk).update(
            state=state, closed_at=timezone.now(), taken_by=vera
        )
        RequestEvent.objects.create(request=request, kind="answer", counsellor=vera)
        Rating.objects.create(request=request, value="helped" if i % 2 else "partly")
        DailyCount.objects.create(
            day=today - timedelta(days=i),
            kind="asked" if i % 3 else "not_understood",
            name="ask_voluntary_return" if i % 3 else "",
            language=("ar", "ti", "en")[i % 3],
            host_country="CH",
            number=7 + i,
        )


def _live(vera: Counsellor) -> tuple[Conversation, Conversation, Conversation]:
    """One that Vera has, three that wait, one of them in danger."""
    from desk import conversations, requests

    speaks = talk(language="ar", country="SY", topic="medical")
    said(speaks, "أريد أن أتكلم مع شخص")
    requests.ask_for_person(speaks.pk)
    conversations.do_take_over(vera, speaks.pk)
    conversations.do_write(
        vera, speaks.pk, key="talk:1", text="مرحباً، أنا فيرا. كيف يمكنني أن أساعد؟"
    )
    said(speaks, "شكراً لك")
    waits = talk(language="ti", country="ER")
    said(waits, TIGRINYA)
    requests.ask_for_person(waits.pk)
    requests.ask_for_person(talk(language="fr", country="CM", host_country="DE").pk)
    danger = talk(language="ru", country="GE")
    said(danger, "Мне угрожают")
    requests.raise_danger(danger.pk)
    return speaks, waits, danger


def page_addresses(busy: Busy) -> dict[str, tuple[str, ...]]:
    """Every whole page of the desk by the name of its address, with real data in it."""
    asks, answered, overdue = (one.reference for one in (busy.asks, busy.answered, busy.overdue))
    told = {
        "console": ("", "?show=all", "?q=zzzz", "?overdue=1&show=all"),
        "archive": ("", "?show=proposed", "?show=retired"),
        "desk-log": ("", "?by=99999"),
    }
    about = {
        "request": [(asks,), (answered,), (overdue,)],
        "request-archive": [(answered,)],
        "conversation": [(busy.speaks.pk,), (busy.waits.pk,), (busy.danger.pk,)],
        "canned-edit": [(busy.canned.pk,)],
        "archived-answer": [(busy.proposed.pk,), (busy.approved.pk,)],
        "account": [(busy.petra.pk,), (busy.vera.pk,)],
        "team": [(busy.bern.pk,)],
    }
    plain = [
        "own-account",
        "account_change_password",
        "account_reauthenticate",
        "mfa_activate_totp",
        "usersessions_list",
        "accounts",
        "account-new",
        "team-new",
        "workload",
        "dashboard",
        "canned-answers",
        "canned-new",
        "satisfaction",
    ]
    found = {name: (reverse(name),) for name in plain}
    found |= {name: tuple(reverse(name) + one for one in ends) for name, ends in told.items()}
    found |= {name: tuple(reverse(name, args=one) for one in all_) for name, all_ in about.items()}
    return found
