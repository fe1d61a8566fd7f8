"""Encryption of what people write, and the keyed hash that finds a conversation again.

Section 6 of the design: texts and contact ids are unreadable in the database file. Fernet
(AES-128-CBC with HMAC) from ``cryptography``; the first key encrypts, all keys decrypt, so keys
rotate without a pause.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.db import models

from wegweiser.settings import settings


class UnreadableText(Exception):
    """A stored text was encrypted with a key that FIELD_ENCRYPTION_KEYS no longer holds."""


@lru_cache(maxsize=1)
def _fernet() -> MultiFernet:
    return MultiFernet([Fernet(key.encode()) for key in settings().field_encryption_keys])


def encrypt_bytes(content: bytes) -> str:
    """Encrypt a file; the result is text, a third longer."""
    return _fernet().encrypt(content).decode("ascii")


def decrypt_bytes(token: str) -> bytes:
    """Read an encrypted file.

    Raises:
        UnreadableText: no key fits; put the old key back into FIELD_ENCRYPTION_KEYS.
    """
    try:
        return _fernet().decrypt(token.encode("ascii"))
    except InvalidToken as wrong_key:
        raise UnreadableText(
            "A stored text was encrypted with a key that is not in FIELD_ENCRYPTION_KEYS. "
            "Put the old key back behind the new one."
        ) from wrong_key


def encrypt(text: str) -> str:
    """Encrypt a text; lone surrogates survive (``surrogatepass``)."""
    return encrypt_bytes(text.encode("utf-8", "surrogatepass"))


def decrypt(token: str) -> str:
    """Read an encrypted text.

    Raises:
        UnreadableText: no key fits; put the old key back into FIELD_ENCRYPTION_KEYS.
    """
    return decrypt_bytes(token).decode("utf-8", "surrogatepass")


def rotate(token: str) -> str:
    """The same secret under the first key."""
    return _fernet().rotate(token.encode("ascii")).decode("ascii")


def lookup_hash(channel: str, address: str) -> str:
    """A keyed hash of a contact id: finds the conversation, tells nobody the id (64 hex digits)."""
    key = settings().lookup_key.encode()
    return hmac.new(key, f"{channel}:{address}".encode(), hashlib.sha256).hexdigest()


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
