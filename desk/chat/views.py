"""The chat page: reading and writing the same mailbox as Telegram."""

from __future__ import annotations

import re
import secrets
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from desk import mailbox
from desk.chat import limits
from desk.chat.bubbles import bubble_of, bubbles, with_choices
from desk.chat.visitor import Visitor, language_for, remember, visitor_of
from desk.live import event_stream
from desk.models import Conversation
from desk.typing_signs import is_fresh, person_types
from desk.wake import wake_assistant
from desk.watch import CHAT
from wegweiser.texts import FALLBACK, languages, texts

CLIENT_ID = re.compile(r"[A-Za-z0-9-]{8,40}")
HOST_COUNTRIES = ("ch", "de")
MAX_SHOWN_IDS = 400


@require_GET
@never_cache
def page(request: HttpRequest) -> HttpResponse:
    """The page with the conversation so far."""
    return _page(request, visitor_of(request))


@require_POST
def start(request: HttpRequest) -> HttpResponseBase:
    """The person has opened the page for the first time: the assistant introduces itself."""
    visitor = visitor_of(request)
    if _too_many_new(request):
        return _refused(request, visitor, "too_fast", 429)
    country = request.POST.get("country", "").lower()
    command = f"/start {country}" if country in HOST_COUNTRIES else "/start"
    _receive(visitor, "start", text=command, kind="command")
    return HttpResponse(status=204)


@require_POST
def send(request: HttpRequest) -> HttpResponseBase:
    """Store what the person wrote or pressed; the same client id twice is one message."""
    visitor = visitor_of(request)
    conversation = visitor.conversation()
    _mark_arrived(conversation, request.POST.get("shown", ""))
    button = request.POST.get("button", "")
    text = (request.POST.get("say") or request.POST.get("text", "")).strip()
    client_id = request.POST.get("client_id", "")
    if not CLIENT_ID.fullmatch(client_id) or not (button or text):
        return _refused(request, visitor, "not_sent", 400)
    if len(text) > limits.MAX_CHARACTERS:
        return _refused(request, visitor, "too_long", 413, kept=text)
    if _too_fast(request, conversation):
        return _refused(request, visitor, "too_fast", 429, kept=text)
    received = _receive(visitor, client_id, text=text, button=button[:80])
    if not _by_script(request):
        return redirect(f"{reverse('chat')}#m{received.message_id}")
    shown = {"bubbles": bubble_of(received.message_id)}
    html = render_to_string("desk/chat/bubbles.html", _words(visitor, conversation) | shown)
    return JsonResponse({"id": received.message_id, "html": html})


@require_GET
@never_cache
def messages(request: HttpRequest) -> HttpResponse:
    """What the page lacks, as a piece of HTML."""
    visitor = visitor_of(request)
    conversation = visitor.conversation()
    after = request.GET.get("after", "")
    shown = bubbles(conversation, after=int(after) if re.fullmatch(r"\d{1,18}", after) else 0)
    response = render(
        request,
        "desk/chat/bubbles.html",
        _words(visitor, conversation) | {"bubbles": shown, "all_choices": True},
    )
    if conversation is not None and conversation.handled_by_id is not None:
        types = is_fresh(conversation.counsellor_typing_at)
        response["X-Counsellor"] = "typing" if types else "here"
    return response


@require_POST
def typing(request: HttpRequest) -> HttpResponse:
    """The person is typing; a counsellor who is there sees that, and not what."""
    person_types(visitor_of(request).address_hash)
    return HttpResponse(status=204)


@require_POST
def arrived(request: HttpRequest) -> HttpResponse:
    """The page shows these messages: they are sent."""
    _mark_arrived(visitor_of(request).conversation(), request.POST.get("shown", ""))
    return HttpResponse(status=204)


@require_POST
def language(request: HttpRequest) -> HttpResponseBase:
    """The person picks a language: the page changes at once, and the assistant is told."""
    visitor = visitor_of(request)
    code = request.POST.get("language", "")
    if code in {one.code for one in languages()}:
        if _too_fast(request, visitor.conversation()):
            return _refused(request, visitor, "too_fast", 429)
        conversation = mailbox.conversation_for(
            Conversation.Channel.WEB, visitor.address, language_hint=visitor.language_hint
        )
        Conversation.objects.filter(pk=conversation.pk).update(language=code)
        _receive(visitor, secrets.token_hex(8), text=f"/language {code}", kind="command")
    response = redirect("chat")
    remember(response, visitor)
    return response


@require_GET
async def events(request: HttpRequest) -> HttpResponseBase:
    """An event whenever there is something new in this conversation."""
    visitor = visitor_of(request)
    if visitor.is_new:
        return HttpResponse(status=204)  # tells an EventSource not to come back
    return await event_stream(f"{CHAT}{visitor.address_hash}")


def _receive(visitor: Visitor, client_id: str, **what: Any) -> mailbox.Received:
    received = mailbox.receive(
        mailbox.Incoming(
            channel=Conversation.Channel.WEB,
            address=visitor.address,
            key=f"web:{visitor.address_hash[:24]}:{client_id}",
            language_hint=visitor.language_hint,
            **what,
        )
    )
    wake_assistant()
    return received


def _too_fast(request: HttpRequest, conversation: Conversation | None) -> bool:
    """A script: in its conversation, or because it makes one new conversation after the other."""
    return _too_many_new(request) if conversation is None else mailbox.is_a_script(conversation)


def _too_many_new(request: HttpRequest) -> bool:
    return limits.too_many_new(request.META.get("REMOTE_ADDR", ""))


def _mark_arrived(conversation: Conversation | None, shown: str) -> None:
    ids = [int(one) for one in re.findall(r"\b\d{1,18}\b", shown)[:MAX_SHOWN_IDS]]
    if conversation is not None and ids:
        mailbox.web_arrived(conversation.pk, ids)


def _by_script(request: HttpRequest) -> bool:
    return request.headers.get("X-Requested-With") == "fetch"


def _refused(
    request: HttpRequest, visitor: Visitor, reason: str, status: int, *, kept: str = ""
) -> HttpResponse:
    """Say kindly why not; what the person wrote stays in the box."""
    if not _by_script(request):
        return _page(request, visitor, problem=reason, kept=kept, status=status)
    label = _words(visitor, visitor.conversation())["label"]
    return JsonResponse({"problem": label.get(reason) or label["not_sent"]}, status=status)


def _page(
    request: HttpRequest, visitor: Visitor, *, problem: str = "", kept: str = "", status: int = 200
) -> HttpResponse:
    conversation = visitor.conversation()
    shown = bubbles(conversation)
    context = _words(visitor, conversation) | {
        "bubbles": shown,
        "choices_of": with_choices(shown),
        "shown": ",".join(str(bubble.id) for bubble in shown if bubble.is_new),
        "client_id": secrets.token_hex(8),
        "country": request.GET.get("country", "")[:2],
        "counsellor_here": conversation is not None and conversation.handled_by_id is not None,
        "is_new": conversation is None or not conversation.messages.exists(),
        "kept": kept,
        "max_characters": limits.MAX_CHARACTERS,
        "problem": problem,
    }
    response = render(request, "desk/chat/page.html", context, status=status)
    response["Content-Language"] = context["language"]
    remember(response, visitor)
    return response


def _words(visitor: Visitor, conversation: Conversation | None) -> dict[str, Any]:
    """The language of the page and its labels; English where a language has none yet."""
    code = language_for(visitor, conversation)
    spoken = texts(code)
    return {
        "language": spoken.language,
        "direction": "rtl" if spoken.rtl else "ltr",
        "label": texts(FALLBACK).chat | spoken.chat,
        "languages": languages(),
    }
