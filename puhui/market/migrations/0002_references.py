"""The sequences of public numbers."""

from django.db import migrations

from puhui.market.references import SEQUENCES


class Migration(migrations.Migration):
    dependencies = [("market", "0001_initial")]

    operations = [
        migrations.RunSQL(
            f"CREATE SEQUENCE IF NOT EXISTS {name} START WITH {first}",
            f"DROP SEQUENCE IF EXISTS {name}",
        )
        for name, first in SEQUENCES.items()
    ]
