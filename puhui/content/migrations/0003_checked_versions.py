"""That an original was compared is said of the text that was compared, and no more of the entry."""

from django.db import migrations, models

STATES = [
    ("own", "本单位发的"),
    ("unchecked", "没核对"),
    ("seen", "见过公开转载"),
    ("checked", "核对过原文"),
]
DOWN = """
UPDATE content_entryversion v
SET check_state = CASE WHEN e.check_state = 'checked' AND v.id <> e.latest_id
                       THEN 'unchecked' ELSE e.check_state END,
    checked_at = e.checked_at
FROM content_entry e WHERE e.id = v.entry_id
"""
UP = """
UPDATE content_entry e SET check_state = v.check_state, checked_at = v.checked_at
FROM content_entryversion v WHERE v.id = e.latest_id
"""


class Migration(migrations.Migration):
    dependencies = [("content", "0002_withdrawn_words")]
    operations = [
        migrations.AddField(
            model_name="entryversion",
            name="check_state",
            field=models.TextField(choices=STATES, default="own"),
        ),
        migrations.AddField(
            model_name="entryversion", name="checked_at", field=models.DateTimeField(null=True)
        ),
        migrations.RunSQL(DOWN, UP),
        migrations.RemoveField(model_name="entry", name="check_state"),
        migrations.RemoveField(model_name="entry", name="checked_at"),
    ]
