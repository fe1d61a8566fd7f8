"""What several processes agree on, and, on PostgreSQL, triggers that tell all of them of new rows.

A trigger, not code beside each write: whoever stores a row (bot, desk, a command, a person with
psql), its transaction tells, and none that is rolled back does. ``docs/mailbox.md`` has the list.
"""

from __future__ import annotations

from django.db import migrations, models

TELL = """
CREATE FUNCTION wegweiser_tell() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify(TG_ARGV[0], '');
    RETURN NULL;
END $$
"""
# Name, table, when, for which rows, whom. PostgreSQL itself tells each of them once a transaction.
TRIGGERS = (
    (
        "tell_workers",
        "desk_message",
        "INSERT OR UPDATE OF state",
        "NEW.state = 'waiting' AND NEW.direction = 'in'",
        "wegweiser_turns",
    ),
    (
        "tell_senders",
        "desk_message",
        "INSERT OR UPDATE OF state",
        "NEW.state = 'waiting' AND NEW.direction = 'out'",
        "wegweiser_sends",
    ),
    (
        "tell_senders_of_unblocked",
        "desk_conversation",
        "UPDATE OF blocked_at",
        "OLD.blocked_at IS NOT NULL AND NEW.blocked_at IS NULL",
        "wegweiser_sends",
    ),
    (
        "tell_next_holder",
        "desk_lease",
        "UPDATE OF holder",
        "NEW.holder = ''",
        "wegweiser_leases",
    ),
    ("tell_pages_of_new", "desk_message", "INSERT", "TRUE", "wegweiser_pages"),
    # A claim shows on no page; what comes of it does, and is told.
    (
        "tell_pages",
        "desk_message",
        "UPDATE OF state, settled_at, text, payload",
        "NEW.state <> 'sending'",
        "wegweiser_pages",
    ),
    ("tell_pages_of_new", "desk_conversation", "INSERT OR DELETE", "TRUE", "wegweiser_pages"),
    (
        "tell_pages",
        "desk_conversation",
        "UPDATE",
        "ROW(OLD.worker_until, OLD.sender_until)"
        " IS NOT DISTINCT FROM ROW(NEW.worker_until, NEW.sender_until)",
        "wegweiser_pages",
    ),
    (
        "tell_pages",
        "desk_informationrequest",
        "INSERT OR UPDATE OR DELETE",
        "TRUE",
        "wegweiser_pages",
    ),
    ("tell_pages", "desk_requestevent", "INSERT OR UPDATE OR DELETE", "TRUE", "wegweiser_pages"),
)


def create_triggers(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    schema_editor.execute(TELL)
    for name, table, event, condition, channel in TRIGGERS:
        schema_editor.execute(
            f"CREATE TRIGGER {name} AFTER {event} ON {table} FOR EACH ROW"
            f" WHEN ({condition}) EXECUTE FUNCTION wegweiser_tell('{channel}')"
        )


def drop_triggers(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION wegweiser_tell() CASCADE")


class Migration(migrations.Migration):

    dependencies = [
        ("desk", "0002_teams"),
    ]

    operations = [
        migrations.CreateModel(
            name="Lease",
            fields=[
                ("name", models.CharField(max_length=32, primary_key=True, serialize=False)),
                ("holder", models.CharField(blank=True, max_length=64)),
                ("until", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="SendPace",
            fields=[
                ("channel", models.CharField(max_length=16, primary_key=True, serialize=False)),
                ("free_at", models.FloatField(default=0.0)),
            ],
        ),
        migrations.RunPython(create_triggers, drop_triggers),
    ]
