"""For whom a demand is made: the class of applicants, and the enterprise with whoever acts for it."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("market", "0008_past"), ("parties", "0006_enterprises_households")]

    operations = [
        migrations.AddField(
            "financingdemand",
            "subject",
            models.TextField(db_default="farm_household", default="farm_household"),
        ),
        migrations.AddField(
            "financingdemand",
            "enterprise",
            models.ForeignKey(
                "parties.Enterprise",
                django.db.models.deletion.PROTECT,
                null=True,
                related_name="+",
                db_index=False,
            ),
        ),
        migrations.AddField(
            "financingdemand",
            "agent",
            models.ForeignKey(
                "parties.Resident",
                django.db.models.deletion.PROTECT,
                null=True,
                related_name="+",
                db_index=False,
            ),
        ),
        migrations.AddConstraint(
            "financingdemand",
            models.CheckConstraint(
                condition=models.Q(agent__isnull=True) | models.Q(enterprise__isnull=False),
                name="demand_agent_acts_for_one",
            ),
        ),
    ]
