"""Who is on the chat page: a random id in a signed cookie, and nothing else."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from django.conf import settings as django_settings
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation.trans_real import parse_accept_lang_header

from desk.models import Conversation
from wegweiser.encryption import lookup_hash
from wegweiser.settings import settings
from wegweiser.texts import FALLBACK, languages

COOKIE = "chat"
SALT = "desk.chat"
PATH = "/chat/"


@dataclass(frozen=True)
class Visitor:
    """A browser on the chat page; ``address`` is for the web what the chat id is for Telegram."""

    address: str
    is_new: bool
    language_hint: str

    @property
    def address_hash(self) -> str:
        return lookup_hash(Conversation.Channel.WEB, self.address)

    def conversation(self) -> Conversation | None:
        """The conversation, once something was written in it."""
        return Conversation.objects.filter(address_hash=self.address_hash).first()


def visitor_of(request: HttpRequest) -> Visitor:
    """The visitor that the cookie names; a new one without a cookie of ours."""
    max_age = settings().retention_days * 86_400
    address = request.get_signed_cookie(COOKIE, default="", salt=SALT, max_age=max_age)
    hint = preferred_language(request.headers.get("Accept-Language", ""))
    return Visitor(address or secrets.token_urlsafe(24), not address, hint)


def remember(response: HttpResponseBase, visitor: Visitor) -> None:
    """Give the browser the cookie, or keep the one it has for as long again."""
    response.set_signed_cookie(
        COOKIE,
        visitor.address,
        salt=SALT,
        max_age=settings().retention_days * 86_400,
        path=PATH,
        secure=django_settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def preferred_language(accept_language: str) -> str:
    """The first language of the browser that the assistant speaks; empty when there is none."""
    spoken = {language.code for language in languages()}
    for tag, _ in parse_accept_lang_header(accept_language.lower()):
        code = tag.partition("-")[0]
        if code in spoken:
            return code
    return ""


def language_for(visitor: Visitor, conversation: Conversation | None) -> str:
    """The language of the page: the conversation's, else the browser's, else English."""
    chosen = conversation.language if conversation else ""
    return chosen or visitor.language_hint or FALLBACK
