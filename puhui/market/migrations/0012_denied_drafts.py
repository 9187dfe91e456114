"""A case about a denied draft points at the help that the draft came from."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("market", "0011_helping")]

    operations = [
        migrations.AddField(
            "integritycase",
            "assistance",
            models.ForeignKey(
                "market.assistance",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
            ),
        ),
    ]
