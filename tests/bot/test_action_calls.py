"""What an action returned is validated as before, without checking the schema each time."""

from __future__ import annotations

from typing import Any

import pytest
from jsonschema import ValidationError
from rasa.core.actions.action import RemoteAction

from bot.action_calls import keep_validator

GOOD: dict[str, Any] = {
    "events": [{"event": "slot", "name": "language", "value": "ar", "timestamp": None}],
    "responses": [{"response": "utter_help"}],
}


def test_what_is_right_passes_and_what_is_wrong_raises_what_rasa_raises() -> None:
    keep_validator()
    action = RemoteAction("action_greet", None)
    assert action._validate_action_result(GOOD) is True
    with pytest.raises(ValidationError, match="Failed to validate Action server response"):
        action._validate_action_result({"events": "none", "responses": []})
