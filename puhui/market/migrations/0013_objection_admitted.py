from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("market", "0012_denied_drafts")]

    operations = [
        migrations.RemoveConstraint("objection", "objection_answered_has_outcome"),
        migrations.AddConstraint(
            "objection",
            models.CheckConstraint(
                condition=models.Q(answered_at__isnull=True, outcome="")
                | models.Q(
                    answered_at__isnull=False,
                    outcome__in=["upheld", "reopened", "admitted"],
                ),
                name="objection_answered_has_outcome",
            ),
        ),
    ]
