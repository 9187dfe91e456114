"""How a demand was first called is read from its judged clock alone, for every figure of calls."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("market", "0016_product_outlives_direction")]
    operations = [
        AddIndexConcurrently(
            "clock",
            models.Index(
                condition=models.Q(
                    ("kind", "callback_applicant"), ("state__in", ["met", "breached"])
                ),
                fields=["demand", "started_at"],
                include=["state", "due_at"],
                name="clock_judged",
            ),
        )
    ]
