"""What is past its day is found among the few breached clocks of cases that still wait for them."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("market", "0014_visit_photos")]
    operations = [
        AddIndexConcurrently(
            "clock",
            models.Index(
                condition=models.Q(("state", "breached")),
                fields=["engagement", "kind"],
                name="clock_breached",
            ),
        )
    ]
