"""An enterprise's demands are found by it, without a lock on the table."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("market", "0009_subjects")]

    operations = [
        AddIndexConcurrently(
            "financingdemand",
            models.Index(
                fields=["enterprise", "-created_at"],
                name="demand_of_enterprise",
                condition=models.Q(enterprise__isnull=False),
            ),
        ),
    ]
