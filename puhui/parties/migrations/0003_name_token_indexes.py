"""Indexes on residents, built while people go on registering."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("parties", "0002_population")]

    operations = [
        AddIndexConcurrently(
            model_name="resident",
            index=GinIndex(fields=["name_tokens"], name="resident_name_tokens", fastupdate=False),
        ),
        AddIndexConcurrently(
            model_name="resident",
            index=models.Index(
                fields=["id"],
                name="resident_unsearchable",
                condition=models.Q(name_tokens__isnull=True),
            ),
        ),
    ]
