"""The JSON Schema of programme files, for completion and hints in an editor.

It is made from the words that the loader knows, so it cannot fall behind. The loader checks more:
whether sources, lists, shared rules and programmes exist.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeAlias

from programmes.facts import FACTS, FactSpec
from programmes.model import BENEFIT_KINDS, CONFIDENCES, GROUPS
from programmes.reading_programmes import CURRENCY, OPTIONAL, REQUIRED
from programmes.reading_rules import OPERATORS
from programmes.reading_values import SOURCED_KEYS

Schema: TypeAlias = dict[str, Any]
_TEXT: Schema = {"type": "string", "minLength": 1}
_DAY: Schema = {"type": "string", "format": "date"}
_TEXTS: Schema = {"type": "array", "items": _TEXT}
_RULE: Schema = {"$ref": "#/$defs/rule"}
_AMOUNTS: Schema = {
    "type": "object",
    "propertyNames": {"format": "date"},
    "additionalProperties": {"type": ["integer", "null"], "minimum": 0},
    "description": "The amount for each day it takes effect; null: no longer paid.",
}
_SOURCED: Schema = {
    "source": {"type": "string", "description": "A key of sources.yml."},
    "confidence": {"enum": list(CONFIDENCES)},
    "review_by": _DAY,
    "note": _TEXT,
    "says": _TEXT,
}


def editor_schema() -> Schema:
    """The schema as JSON-able values."""
    conditions = {"type": "array", "items": {"anyOf": [_condition("needs"), _use()]}}
    remarks = {"type": "array", "items": {"anyOf": [_condition("when"), _use()]}}
    special: Schema = {
        **_SOURCED,
        "names": {"type": "object", "additionalProperties": _TEXT},
        "host_country": {"enum": list(CURRENCY)},
        "valid_from": _DAY,
        "valid_until": _DAY,
        "also_called": _TEXTS,
        "see_also": _TEXTS,
        "conditions": conditions,
        "caveats": conditions,
        "remarks": remarks,
        "benefits": {"type": "array", "items": _benefit()},
    }
    properties = {name: special.get(name, _TEXT) for name in (*REQUIRED, *OPTIONAL)}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A return-assistance programme",
        **_object(properties, REQUIRED),
        "$defs": {"rule": _rule()},
    }


def _object(properties: Schema, required: Iterable[str]) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
    }


def _use() -> Schema:
    return _object({"use": {"type": "string", "description": "A key of rules.yml."}}, ["use"])


def _condition(expression: str) -> Schema:
    properties = {
        **_SOURCED,
        "id": _TEXT,
        expression: _RULE,
        "from": _DAY,
        "until": _DAY,
        "suspends": {"type": "boolean"},
    }
    required = ["id", "says", *SOURCED_KEYS, *(["needs"] if expression == "needs" else [])]
    return _object(properties, required)


def _benefit() -> Schema:
    amounts = dict.fromkeys((*GROUPS, "cap"), _AMOUNTS)
    currencies = sorted({currency for known in CURRENCY.values() for currency in known})
    rate = {**_SOURCED, "id": _TEXT, "when": _RULE, "currency": {"enum": currencies}, **amounts}
    properties = {
        **_SOURCED,
        "kind": {"enum": list(BENEFIT_KINDS)},
        "when": _RULE,
        "rates": {"type": "array", "items": _object(rate, ["id", "currency", *SOURCED_KEYS])},
    }
    return _object(properties, ["kind", "says", *SOURCED_KEYS])


def _rule() -> Schema:
    many = {"type": "array", "items": _RULE}
    words: Schema = {
        "all": many,
        "any": many,
        "not": _RULE,
        "authority_may": _RULE,
        "programme": _TEXT,
        "always": {"type": "boolean"},
        "on_day": _object({"from": _DAY, "until": _DAY}, ()),
    }
    facts = {name: _fact(spec) for name, spec in FACTS.items()}
    return {**_object({**words, **facts}, ()), "minProperties": 1}


def _fact(spec: FactSpec) -> Schema:
    value = _value(spec)
    several = {"anyOf": [value, {"type": "array", "items": value}]}
    meanings: Schema = {
        "is": several,
        "in": {"anyOf": [{"type": "string"}, several]},
        "not_in": {"anyOf": [{"type": "string"}, several]},
        "same_as": {"enum": [name for name, other in FACTS.items() if other.kind == spec.kind]},
        "at_least": {"type": "integer", "minimum": 0},
        "below": {"type": "integer", "minimum": 0},
        "entered_before": _DAY,
        "within_months_after": {"type": "object", "additionalProperties": {"type": "integer"}},
    }
    operators = {name: meanings[name] for name in OPERATORS[spec.kind]}
    compared = _object({**operators, "when_missing": {"enum": ["yes", "no", "unknown"]}}, ())
    return {"description": spec.expected(), "anyOf": [several, compared]}


def _value(spec: FactSpec) -> Schema:
    values: dict[str, Schema] = {
        "choice": {"enum": list(spec.choices)},
        "country": {"type": "string", "pattern": "^[A-Z]{2}$"},
        "flag": {"type": "boolean"},
        "count": {"type": "integer", "minimum": 0},
        "day": _DAY,
    }
    return values[spec.kind]
