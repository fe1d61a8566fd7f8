"""Encrypt everything anew under the first key of FIELD_ENCRYPTION_KEYS.

Afterwards the old keys can be removed from the settings. It may run while the desk is in use and
may be stopped and run again: each value is exchanged only if nobody has written it meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from allauth.mfa.models import Authenticator
from django.apps import apps
from django.db import transaction
from django.db.models import Field, Model, TextField, Value
from django.db.models.functions import Cast

from desk.crypto import EncryptedBytesField, EncryptedJSONField, EncryptedTextField
from wegweiser.encryption import rotate

BATCH = 500
SECOND_FACTOR_SECRETS = ("secret", "seed")
"""Of the app on the phone, and of the recovery codes."""
FILES = 1
"""Files are read one at a time: five hundred of them would not fit into memory."""
ENCRYPTED = EncryptedTextField | EncryptedJSONField | EncryptedBytesField


def rotate_keys() -> int:
    """Rotate every encrypted value; returns how many were exchanged."""
    changed = sum(_rotate(model, field) for model, field in encrypted_fields())
    return changed + _rotate_second_factors()


def encrypted_fields() -> Iterator[tuple[type[Model], Field[Any, Any]]]:
    """Every encrypted column of the desk's tables."""
    for model in apps.get_app_config("desk").get_models():
        for field in model._meta.get_fields():
            if isinstance(field, ENCRYPTED):
                yield model, field


def _rotate_second_factors() -> int:
    """allauth keeps the key of a second factor inside a JSON column, encrypted by our adapter."""
    changed = 0
    for pk in Authenticator.objects.values_list("pk", flat=True):
        with transaction.atomic():
            row = Authenticator.objects.select_for_update().filter(pk=pk).first()
            names = [name for name in SECOND_FACTOR_SECRETS if row is not None and name in row.data]
            for name in names:
                row.data[name] = rotate(row.data[name])
            if names:
                row.save(update_fields=["data"])
            changed += len(names)
    return changed


def _rotate(model: type[Model], field: Field[Any, Any]) -> int:
    # Cast takes the column as it is stored; the field itself would decrypt it.
    rows = model._default_manager.annotate(
        stored=Cast(field.name, TextField()),
    ).order_by("pk")
    size = FILES if isinstance(field, EncryptedBytesField) else BATCH
    changed, last = 0, None
    while True:
        batch = rows.filter(pk__gt=last) if last is not None else rows
        found = list(batch.values_list("pk", "stored")[:size])
        if not found:
            return changed
        for pk, stored in found:
            if stored:
                changed += rows.filter(pk=pk, stored=stored).update(
                    **{field.name: Value(rotate(stored), output_field=TextField())}
                )
        last = found[-1][0]
