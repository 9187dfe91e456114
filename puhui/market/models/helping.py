"""Who of the staff filled in for whom; the numbered slips of paper."""

from django.db import models
from django.db.models import Q

from puhui.kernel.crypto import new_id


class Assistance(models.Model):
    """One time that somebody of the staff registered or asked for a resident (代办).

    Stays when the draft is void, without anything of the person but the reference.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    ref = models.TextField(unique=True)
    kind = models.TextField()
    channel = models.TextField()
    helper = models.ForeignKey("parties.Staff", models.PROTECT, related_name="+")
    resident = models.ForeignKey("parties.Resident", models.SET_NULL, null=True, related_name="+")
    demand = models.OneToOneField(
        "market.FinancingDemand", models.SET_NULL, null=True, related_name="assistance"
    )
    demand_ref = models.TextField(blank=True, default="")
    village = models.ForeignKey("parties.Division", models.PROTECT, related_name="+")
    township = models.ForeignKey("parties.Division", models.PROTECT, related_name="+")
    phone_of = models.TextField()
    relation = models.TextField(blank=True, default="")
    is_new_person = models.BooleanField(default=False)
    """Registered with this help: without a yes the registration goes too."""
    state = models.TextField()
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    sent_again_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    holder = models.TextField(blank=True, default="")
    """Which office keeps the signed slip."""
    checker = models.ForeignKey("parties.Staff", models.PROTECT, null=True, related_name="+")
    checked_how = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "to_check"], settled_at__isnull=True)
                | Q(
                    state__in=[
                        "confirmed",
                        "checked",
                        "refused",
                        "lapsed",
                        "cancelled",
                        "rejected",
                    ],
                    settled_at__isnull=False,
                ),
                name="assistance_settled_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(channel="paper")
                | Q(checker__isnull=True)
                | ~Q(checker=models.F("helper")),
                name="assistance_second_person",
            ),
        ]
        indexes = [
            models.Index(fields=["helper", "-asked_at"], name="assistance_of_helper"),
            models.Index(fields=["township", "state", "-asked_at"], name="assistance_of_township"),
            models.Index(fields=["resident", "-asked_at"], name="assistance_of_resident"),
            models.Index(
                fields=["due_at"], name="assistance_live", condition=Q(settled_at__isnull=True)
            ),
        ]


class PaperSlip(models.Model):
    """A printed slip (用钱需求单): its number and the code that a calling bank must say."""

    id = models.UUIDField(primary_key=True, default=new_id)
    ref = models.TextField(unique=True)
    contact_code = models.TextField()
    printed_at = models.DateTimeField()
    printed_by = models.ForeignKey("parties.Staff", models.PROTECT, related_name="+")
    assistance = models.OneToOneField(Assistance, models.PROTECT, null=True, related_name="slip")
