"""The action server on the loopback interface (Rasa's own start listens on every one)."""

from __future__ import annotations

import logging

from rasa_sdk.endpoint import create_app
from sanic import HTTPResponse, Request, Sanic, response

from wegweiser.logs import WithoutTexts, without_text
from wegweiser.rulebase import catalogue
from wegweiser.settings import settings
from wegweiser.texts import languages, texts

logger = logging.getLogger(__name__)

MAX_BODY = 4_000_000
"""Bytes of one call: a tracker of some 25 kB, with the whole domain where an action asks for it."""


def make_app() -> Sanic:
    """The server of all actions."""
    app: Sanic = create_app("actions")
    app.config.REQUEST_MAX_SIZE = MAX_BODY
    app.error_handler.add(Exception, _failed)
    return app


def _failed(_: Request, error: Exception) -> HTTPResponse:
    """Instead of the SDK's, which logs what the error says and answers with the whole call."""
    logger.error("action.failed error=%s", without_text(error))
    return response.json({"error": type(error).__name__}, status=500)


def main() -> None:
    """Serve ``actions`` until a signal."""
    log = logging.StreamHandler()
    log.setFormatter(WithoutTexts("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[log])
    app = make_app()
    _read_content()
    app.run(
        host="127.0.0.1",
        port=settings().actions_port,
        access_log=False,
        motd=False,
    )


def _read_content() -> None:
    """Read rules and texts before the first person writes, not while they wait."""
    catalogue()
    for language in languages():
        texts(language.code)


if __name__ == "__main__":
    main()
