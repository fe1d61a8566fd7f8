"""What the webhook's process stores and a bot reads; on PostgreSQL the bots are told of it."""

from __future__ import annotations

from django.db import migrations, models
from django.db.models.functions import Now

import desk.crypto


def create_trigger(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            "CREATE TRIGGER tell_readers AFTER INSERT ON desk_unreadupdate FOR EACH STATEMENT"
            " EXECUTE FUNCTION wegweiser_tell('wegweiser_updates')"
        )


def drop_trigger(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP TRIGGER tell_readers ON desk_unreadupdate")


class Migration(migrations.Migration):
    dependencies = [("desk", "0012_log_of_archive")]
    operations = [
        migrations.CreateModel(
            name="UnreadUpdate",
            fields=[
                ("update_id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("address_hash", models.CharField(blank=True, max_length=64)),
                ("body", desk.crypto.EncryptedBytesField()),
                ("received_at", models.DateTimeField(db_default=Now())),
            ],
        ),
        migrations.RunPython(create_trigger, drop_trigger),
    ]
