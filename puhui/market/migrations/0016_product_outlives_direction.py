"""What was asked for by name stays on record once every bank may see the request."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("market", "0015_breached_clocks")]
    operations = [
        migrations.RemoveConstraint(
            model_name="financingdemand", name="demand_product_names_its_bank"
        )
    ]
