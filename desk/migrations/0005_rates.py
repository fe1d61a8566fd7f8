"""A flood of one person: what is surplus, and an index that finds each waiting conversation once."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("desk", "0004_files"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="message",
            name="message_waiting",
        ),
        migrations.AddField(
            model_name="message",
            name="surplus",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="message",
            name="crashes",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("state", "waiting")),
                fields=["direction", "conversation", "id"],
                name="message_waiting",
            ),
        ),
    ]
