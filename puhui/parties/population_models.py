"""The people of the county as its population roll counts them, registered here or not."""

from django.db import models


class PopulationEntry(models.Model):
    """One person of the roll. Who never registered has agreed to nothing, so no name and no number
    is kept of them: only a keyed hash of the identity number, and what counting needs."""

    identity_index = models.BinaryField(primary_key=True)
    """`blind_index("identity_number", …)`: equal to a resident's own, and unreadable."""
    village = models.ForeignKey("parties.Division", models.PROTECT, related_name="+")
    birth_year = models.SmallIntegerField()
    lives_here = models.BooleanField()
    """Of the resident population; registered here and living elsewhere: not."""
    listed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(birth_year__gte=1850, birth_year__lte=2200),
                name="population_birth_year",
            )
        ]
        indexes = [
            models.Index(
                fields=["birth_year", "village"],
                name="population_counted",
                condition=models.Q(lives_here=True),
            )
        ]
