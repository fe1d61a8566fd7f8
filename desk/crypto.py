"""Columns that hold only ciphertext, and the keyed hashes of the search index.

How it is encrypted is in ``wegweiser.encryption``, which needs no Django.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.db import models

from wegweiser.encryption import decrypt, decrypt_bytes, encrypt, encrypt_bytes
from wegweiser.settings import settings


@lru_cache(maxsize=1)
def _search_key(lookup_key: str) -> bytes:
    """A key of its own: a word and a contact id of the same letters have nothing in common."""
    return hmac.new(lookup_key.encode(), b"wegweiser search index 1", hashlib.sha256).digest()


def word_hash(word: str) -> int:
    """A keyed hash of a word for the search index, as a signed integer of 64 bits."""
    key = _search_key(settings().lookup_key)
    digest = hmac.digest(key, word.encode("utf-8", "surrogatepass"), "sha256")
    return int.from_bytes(digest[:8], "big", signed=True)


if TYPE_CHECKING:  # the types have parameters, the class at run time has none
    _StoredText = models.TextField[str, str]
    _StoredJSON = models.TextField[Any, Any]
    _StoredBytes = models.TextField[bytes, bytes]
else:
    _StoredText = _StoredJSON = _StoredBytes = models.TextField


class EncryptedTextField(_StoredText):
    """A text column that holds only ciphertext; the empty string stays empty."""

    def from_db_value(self, value: str | None, *_: object) -> str | None:
        return decrypt(value) if value else value

    def get_prep_value(self, value: str | None) -> str | None:
        return encrypt(value) if value else value


class EncryptedJSONField(_StoredJSON):
    """Any JSON value in a column that holds only ciphertext."""

    def from_db_value(self, value: str | None, *_: object) -> Any:
        return json.loads(decrypt(value)) if value else None

    def get_prep_value(self, value: Any) -> str | None:
        return None if value is None else encrypt(json.dumps(value))


class EncryptedBytesField(_StoredBytes):
    """A file in a column that holds only ciphertext; as text, so that keys rotate as elsewhere."""

    def from_db_value(self, value: str | None, *_: object) -> bytes | None:
        return decrypt_bytes(value) if value else None

    def get_prep_value(self, value: bytes | None) -> str | None:
        return encrypt_bytes(value) if value else None
