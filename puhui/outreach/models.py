"""Finance brought to villages and firms: one table of events."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from puhui.kernel.crypto import new_id


class OutreachEvent(models.Model):
    """One visit of finance people to a village or firm (金融服务进企下乡): planned, then logged."""

    class State(models.TextChoices):
        PLANNED = "planned", "排好了"
        HELD = "held", "办过了"
        CANCELLED = "cancelled", "不办了"

    id = models.UUIDField(primary_key=True, default=new_id)
    ref = models.TextField(unique=True)
    kind = models.TextField()
    title = models.TextField()
    township = models.ForeignKey("parties.Division", models.PROTECT, related_name="+")
    villages = ArrayField(models.TextField(), default=list)
    """Codes of villages and natural villages of the township that were reached."""
    place = models.TextField(blank=True, default="")
    starts_at = models.DateTimeField()
    state = models.TextField(choices=State, default=State.PLANNED)
    people = models.IntegerField(null=True)
    """How many came: counted by head, never named."""
    words = models.TextField(blank=True, default="")
    organisation = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="+")
    planned_by = models.TextField()
    planned_at = models.DateTimeField()
    logged_by = models.TextField(blank=True, default="")
    logged_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="held", people__isnull=False, logged_at__isnull=False)
                | Q(state="cancelled", people__isnull=True, logged_at__isnull=False)
                | Q(state="planned", people__isnull=True, logged_at__isnull=True),
                name="outreach_state_shape",
            ),
            models.CheckConstraint(
                condition=Q(people__isnull=True) | Q(people__gte=0, people__lte=100_000),
                name="outreach_people_plausible",
            ),
        ]
        indexes = [
            models.Index(fields=["-starts_at"], name="outreach_latest"),
            models.Index(fields=["township", "-starts_at"], name="outreach_of_township"),
        ]
