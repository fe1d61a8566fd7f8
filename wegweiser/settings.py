"""The settings, read in this one module from the environment and ``.env``.

``.env.example`` names each of them with its meaning; ``make run`` writes ``.env`` with fresh
secrets on the first start. All mistakes are reported at once.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from environs import Env
from environs.exceptions import EnvValidationError
from marshmallow import ValidationError
from marshmallow.validate import Length, OneOf, Range

ROOT = Path(__file__).resolve().parent.parent
VAR = ROOT / "var"


class SettingsError(Exception):
    """A setting is missing or wrong; the text names each of them and what to do."""


@dataclass(frozen=True)
class Settings:
    """One value per setting; see ``.env.example`` for meaning and defaults."""

    database_url: str
    secret_key: str
    field_encryption_keys: tuple[str, ...]
    lookup_key: str
    telegram_bot_token: str
    telegram_api_url: str
    telegram_webhook_url: str
    telegram_webhook_secret: str
    webhook_port: int
    desk_host: str
    desk_port: int
    desk_url: str
    assistant_port: int
    actions_port: int
    retention_days: int
    request_retention_days: int
    answer_within_working_days: int
    desk_hours: str
    desk_time_zone: str
    second_factor: str
    operator_name: str
    translate_url: str
    translate_api_key: str
    messages_per_minute: int
    debug: bool

    @property
    def telegram_enabled(self) -> bool:
        return bool(self.telegram_bot_token)

    @property
    def telegram_by_webhook(self) -> bool:
        return self.telegram_enabled and bool(self.telegram_webhook_url)

    @property
    def second_factor_required(self) -> bool:
        return self.second_factor == "required"


def _web_address(value: str) -> None:
    if value and not value.startswith(("http://", "https://")):
        raise ValidationError("Begins with http:// or https://, or is empty.")


def _webhook_secret(value: str) -> None:
    if not re.fullmatch("[A-Za-z0-9_-]{32,256}", value):
        raise ValidationError("With TELEGRAM_WEBHOOK_URL: 32 to 256 of A-Z a-z 0-9 _ -")


@lru_cache(maxsize=1)
def settings() -> Settings:
    """Read the settings once per process.

    Raises:
        SettingsError: with every wrong or missing setting in one text.
    """
    env = Env(eager=False)
    env.read_env(str(ROOT / ".env"), recurse=False)
    port = Range(min=1, max=65535)
    days = Range(min=1, max=3650)
    webhook_url = env.str("TELEGRAM_WEBHOOK_URL", "", validate=_web_address)
    desk_port = env.int("DESK_PORT", 8000, validate=port)
    found: dict[str, Any] = {
        "database_url": env.str("DATABASE_URL", f"sqlite:///{VAR / 'wegweiser.db'}"),
        "secret_key": env.str("SECRET_KEY", validate=Length(min=32)),
        "field_encryption_keys": env.list("FIELD_ENCRYPTION_KEYS", validate=Length(min=1)),
        "lookup_key": env.str("LOOKUP_KEY", validate=Length(min=32)),
        "telegram_bot_token": env.str("TELEGRAM_BOT_TOKEN", ""),
        "telegram_api_url": env.str("TELEGRAM_API_URL", "https://api.telegram.org"),
        "telegram_webhook_url": webhook_url,
        "telegram_webhook_secret": (
            env.str("TELEGRAM_WEBHOOK_SECRET", validate=_webhook_secret)
            if webhook_url
            else env.str("TELEGRAM_WEBHOOK_SECRET", "")
        ),
        "webhook_port": env.int("WEBHOOK_PORT", 5080, validate=port),
        "desk_host": env.str("DESK_HOST", "127.0.0.1"),
        "desk_port": desk_port,
        "desk_url": env.str("DESK_URL", "") or f"http://127.0.0.1:{desk_port}",
        "assistant_port": env.int("ASSISTANT_PORT", 5005, validate=port),
        "actions_port": env.int("ACTIONS_PORT", 5055, validate=port),
        "retention_days": env.int("RETENTION_DAYS", 90, validate=days),
        "request_retention_days": env.int("REQUEST_RETENTION_DAYS", 365, validate=days),
        "answer_within_working_days": env.int(
            "ANSWER_WITHIN_WORKING_DAYS", 15, validate=Range(min=1, max=120)
        ),
        "desk_hours": env.str("DESK_HOURS", "Mon-Fri 09:00-17:00"),
        "desk_time_zone": env.str("DESK_TIME_ZONE", "Europe/Zurich"),
        "second_factor": env.str(
            "DESK_SECOND_FACTOR", "offered", validate=OneOf(("offered", "required"))
        ),
        "operator_name": env.str("OPERATOR_NAME", ""),
        "translate_url": env.str("TRANSLATE_URL", "", validate=_web_address),
        "translate_api_key": env.str("TRANSLATE_API_KEY", ""),
        "messages_per_minute": env.int("MESSAGES_PER_MINUTE", 20, validate=Range(min=1, max=1000)),
        "debug": env.bool("DEBUG", False),
    }
    try:
        env.seal()  # type: ignore[no-untyped-call]
    except EnvValidationError as wrong:
        problems = dict(wrong.error_messages)  # type: ignore[arg-type]
        lines = [f"  {name}: {' '.join(said)}" for name, said in problems.items()]
        raise SettingsError(
            "These settings are missing or wrong. Set them in .env (see .env.example); "
            "`make run` writes fresh secrets when there is no .env:\n" + "\n".join(lines)
        ) from wrong
    found["field_encryption_keys"] = tuple(found["field_encryption_keys"])
    return Settings(**found)
