"""Translation by a machine: one interface, and one adapter, for LibreTranslate's API.

Off while ``TRANSLATE_URL`` is empty. A text that is translated leaves this machine, so only a
counsellor's click sends one, and the page says so. Nothing of a text is logged.
"""

from __future__ import annotations

import logging
from typing import Protocol
from urllib.parse import urlsplit

import httpx

from wegweiser.settings import settings

logger = logging.getLogger(__name__)

TIMEOUT_S = 12.0
"""Shorter than the page's own patience (15 s): the counsellor is told why, not cut off."""


class TranslationFailed(Exception):
    """No translation came; ``code`` says why: one of the codes of ``desk.console.compose``."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Translator(Protocol):
    """A service that translates plain text."""

    @property
    def host(self) -> str:
        """The machine that texts are sent to, for the counsellor to read."""

    def translate(self, text: str, source: str, target: str) -> str:
        """The text in another language (our codes, ``content/languages.yml``).

        Raises:
            TranslationFailed: with ``unsupported``, ``busy``, ``refused`` or ``unreachable``.
        """


class LibreTranslate:
    """A server with LibreTranslate's API (``POST /translate``)."""

    def __init__(self, url: str, api_key: str = "", *, timeout_s: float = TIMEOUT_S) -> None:
        self._url = f"{url.rstrip('/')}/translate"
        self._api_key = api_key
        self._timeout_s = timeout_s

    @property
    def host(self) -> str:
        """The machine that texts are sent to."""
        return urlsplit(self._url).netloc

    def translate(self, text: str, source: str, target: str) -> str:
        """The text in another language; see :class:`Translator`."""
        asked = {"q": text, "source": source, "target": target, "format": "text"}
        if self._api_key:
            asked["api_key"] = self._api_key
        try:
            answer = httpx.post(
                self._url,
                json=asked,
                timeout=self._timeout_s,
                trust_env=False,
                follow_redirects=False,
            )
        except httpx.HTTPError as error:
            logger.warning("translate.unreachable error=%s", type(error).__name__)
            raise TranslationFailed("unreachable") from error
        return self._read(answer)

    def _read(self, answer: httpx.Response) -> str:
        if answer.status_code != httpx.codes.OK:
            logger.warning("translate.refused status=%s", answer.status_code)
            raise TranslationFailed(_code(answer.status_code))
        try:
            text = answer.json()["translatedText"]
        except (ValueError, KeyError, TypeError) as error:
            raise TranslationFailed("refused") from error
        if not isinstance(text, str) or not text.strip():
            raise TranslationFailed("refused")
        return text


def _code(status: int) -> str:
    if status == httpx.codes.BAD_REQUEST:
        return "unsupported"  # LibreTranslate's answer to a language that it does not have
    if status == httpx.codes.TOO_MANY_REQUESTS:
        return "busy"
    return "unreachable" if status >= 500 else "refused"


def translator() -> Translator | None:
    """The service that the settings name; None while it is off."""
    own = settings()
    if not own.translate_url:
        return None
    return LibreTranslate(own.translate_url, own.translate_api_key)
