"""When an organisation, an outlet, a place or a person's service ended."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("parties", "0003_name_token_indexes")]

    operations = [
        migrations.AddField("organisation", "closed_at", models.DateTimeField(null=True)),
        migrations.AddField("branch", "closed_at", models.DateTimeField(null=True)),
        migrations.AddField("staff", "left_at", models.DateTimeField(null=True)),
        migrations.AddField("division", "closed_at", models.DateTimeField(null=True)),
    ]
