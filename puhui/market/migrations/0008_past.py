"""Cases that came from another system."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("market", "0007_offices")]

    operations = [
        migrations.CreateModel(
            name="PastRecord",
            fields=[
                (
                    "demand",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="past",
                        serialize=False,
                        to="market.financingdemand",
                    ),
                ),
                ("source_ref", models.TextField(unique=True)),
                ("digest", models.TextField()),
                ("batch", models.TextField()),
                ("place", models.IntegerField()),
                ("events", models.JSONField()),
                ("imported_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=["batch", "place"], name="past_place_once")
                ]
            },
        ),
    ]
