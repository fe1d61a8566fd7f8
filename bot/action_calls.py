"""Calling the action server without checking the rule book each time.

Rasa validates what an action returned with ``jsonschema.validate``, which first validates the
schema itself: measured 35 of the 60 ms of a turn. The schema never changes while we run, so it is
checked once and its validator kept; what an action returns is validated exactly as before.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match
from rasa.core.actions.action import RemoteAction


@lru_cache(maxsize=1)
def _validator() -> Draft202012Validator:
    schema = RemoteAction.action_response_format_spec()
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def _validate(_self: RemoteAction, result: dict[str, Any]) -> bool:
    """In place of ``RemoteAction._validate_action_result``; raises the same error."""
    error = best_match(_validator().iter_errors(result))
    if error is not None:
        error.message += (
            ". Failed to validate Action server response from API, make sure your response "
            "from the Action endpoint is valid."
        )
        raise error
    return True


def keep_validator() -> None:
    """Let Rasa use the kept validator from now on; harmless when repeated."""
    RemoteAction._validate_action_result = _validate
