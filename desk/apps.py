"""Django's entry for the desk."""

from __future__ import annotations

from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate


def _tune_sqlite(connection: object, **_: object) -> None:
    """WAL lets readers go on while one process writes; NORMAL is safe with WAL."""
    from django.db import connection as default

    if default.vendor == "sqlite":
        with connection.cursor() as cursor:  # type: ignore[attr-defined]
            cursor.execute("PRAGMA journal_mode=WAL")
            cursor.execute("PRAGMA synchronous=NORMAL")


class DeskConfig(AppConfig):
    name = "desk"
    verbose_name = "Wegweiser"

    def ready(self) -> None:
        from desk.account_signals import log_own_account
        from desk.roles import write_roles

        log_own_account()
        connection_created.connect(_tune_sqlite, dispatch_uid="desk.sqlite")
        post_migrate.connect(write_roles, sender=self, dispatch_uid="desk.roles")
