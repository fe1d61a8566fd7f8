"""The settings of the tests, in place before Django is loaded (``-p`` in ``pyproject.toml``).

pytest-django loads Django before any ``conftest.py``; whatever stands in the developer's ``.env``
must not reach a test.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from cryptography.fernet import Fernet

HERE = tempfile.TemporaryDirectory(prefix="wegweiser-tests-")
TEST_SETTINGS = {
    "SECRET_KEY": "s" * 50,
    "LOOKUP_KEY": "l" * 50,
    "FIELD_ENCRYPTION_KEYS": Fernet.generate_key().decode(),
    "TELEGRAM_BOT_TOKEN": "",
    "TELEGRAM_API_URL": "http://127.0.0.1:9",
    "TELEGRAM_WEBHOOK_URL": "",
    "TELEGRAM_WEBHOOK_SECRET": "",
    "WEBHOOK_PORT": "5080",
    "DESK_PORT": "8000",
    "DESK_HOST": "127.0.0.1",
    "DESK_URL": "",
    "DESK_HOURS": "Mon-Fri 09:00-17:00",
    "DESK_TIME_ZONE": "Europe/Zurich",
    "RETENTION_DAYS": "90",
    "REQUEST_RETENTION_DAYS": "365",
    "ANSWER_WITHIN_WORKING_DAYS": "15",
    "OPERATOR_NAME": "",
    "MESSAGES_PER_MINUTE": "1000",  # tests write faster than people; those of the limit set it
    "DEBUG": "false",
    "RASA_TELEMETRY_ENABLED": "false",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
}
os.environ.update(TEST_SETTINGS)
os.environ["DATABASE_URL"] = os.environ.get(
    "TEST_DATABASE_URL", f"sqlite:///{Path(HERE.name) / 'tests.db'}"
)
os.environ["DJANGO_SETTINGS_MODULE"] = "desk.django_settings"
