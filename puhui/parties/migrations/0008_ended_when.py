"""What has ended has the day of its end, and what is active has none."""

from django.db import migrations, models

ENDINGS = (
    ("division", "closed_at", "division_closed_has_its_day"),
    ("organisation", "closed_at", "organisation_closed_has_its_day"),
    ("staff", "left_at", "staff_left_has_its_day"),
)


def _mended(model: str, field: str) -> migrations.RunSQL:
    """Rows of before the day was kept, and places that an import opened again with it."""
    table = f"parties_{model}"
    return migrations.RunSQL(
        f"UPDATE {table} SET {field} = CASE WHEN is_active THEN NULL ELSE now() END"
        f" WHERE is_active = ({field} IS NOT NULL)",
        migrations.RunSQL.noop,
    )


def _constraint(model: str, field: str, name: str) -> migrations.AddConstraint:
    has_none = models.Q((f"{field}__isnull", True))
    condition = models.Q(is_active=True) & has_none | models.Q(is_active=False) & ~has_none
    return migrations.AddConstraint(
        model, models.CheckConstraint(condition=condition, name=name)
    )


class Migration(migrations.Migration):
    dependencies = [("parties", "0007_erased")]

    operations = [
        *(_mended(model, field) for model, field, _name in ENDINGS),
        *(_constraint(*one) for one in ENDINGS),
    ]
