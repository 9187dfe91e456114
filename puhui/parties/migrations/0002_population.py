"""The population roll, and the tokens by which an encrypted name is found."""

import django.db.models.deletion
from django.db import migrations, models

import puhui.parties.name_tokens


class Migration(migrations.Migration):
    dependencies = [("parties", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="PopulationEntry",
            fields=[
                ("identity_index", models.BinaryField(primary_key=True, serialize=False)),
                (
                    "village",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="parties.division",
                    ),
                ),
                ("birth_year", models.SmallIntegerField()),
                ("lives_here", models.BooleanField()),
                ("listed_at", models.DateTimeField()),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["birth_year", "village"],
                        name="population_counted",
                        condition=models.Q(lives_here=True),
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(birth_year__gte=1850, birth_year__lte=2200),
                        name="population_birth_year",
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="resident",
            name="name_tokens",
            field=puhui.parties.name_tokens.NameTokens(of="name", size=None),
        ),
    ]
