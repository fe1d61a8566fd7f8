"""On PostgreSQL: the pages of all desks are told of drafts, readers and files, too."""

from __future__ import annotations

from django.db import migrations

TABLES = ("desk_draft", "desk_presence", "desk_storedfile")


def create_triggers(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    for table in TABLES:
        schema_editor.execute(
            f"CREATE TRIGGER tell_pages AFTER INSERT OR UPDATE OR DELETE ON {table} FOR EACH ROW"
            " EXECUTE FUNCTION wegweiser_tell('wegweiser_pages')"
        )


def drop_triggers(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for table in TABLES:
            schema_editor.execute(f"DROP TRIGGER tell_pages ON {table}")


class Migration(migrations.Migration):
    dependencies = [("desk", "0009_archive")]
    operations = [migrations.RunPython(create_triggers, drop_triggers)]
