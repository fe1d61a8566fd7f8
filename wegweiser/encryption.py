"""Encryption of what people write, and the keyed hash that finds a conversation again.

Texts and contact ids are unreadable in the database file. Fernet
(AES-128-CBC with HMAC) from ``cryptography``; the first key encrypts, all keys decrypt, so keys
rotate without a pause. The columns that use it are in ``desk.crypto``.
"""

from __future__ import annotations

import hashlib
import hmac
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

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
