"""What township and county keep of a case."""

from django.db import models
from django.db.models import Q

from puhui.kernel.crypto import EncryptedText, new_id
from puhui.market.models.demands import DEMAND_RETENTION


class Supervision(models.Model):
    """A supervision record (督导): who was told, how, what they answered, by when."""

    id = models.UUIDField(primary_key=True, default=new_id)
    ref = models.TextField(unique=True)
    clock = models.ForeignKey("market.Clock", models.PROTECT, related_name="supervisions")
    demand = models.ForeignKey(
        "market.FinancingDemand", models.PROTECT, related_name="supervisions"
    )
    engagement = models.ForeignKey(
        "market.Engagement", models.PROTECT, null=True, related_name="supervisions"
    )
    bank = models.ForeignKey(
        "parties.Organisation", models.PROTECT, null=True, related_name="supervisions"
    )
    kind = models.TextField()
    opened_at = models.DateTimeField()
    answer_due_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["demand", "engagement", "kind"],
                nulls_distinct=False,
                name="supervision_once",
            )
        ]
        indexes = [
            models.Index(fields=["bank", "-opened_at"], name="supervision_of_bank"),
            models.Index(fields=["-opened_at"], name="supervision_latest"),
        ]


class SupervisionStep(models.Model):
    """One telling or answer in a supervision record."""

    id = models.UUIDField(primary_key=True, default=new_id)
    supervision = models.ForeignKey(Supervision, models.PROTECT, related_name="steps")
    at = models.DateTimeField()
    kind = models.TextField()
    """told_officer, told_head, phoned, answer, promise"""
    by_ref = models.TextField()
    to_ref = models.TextField(blank=True, default="")
    channel = models.TextField(blank=True, default="")
    words = models.TextField(blank=True, default="")
    promised_at = models.DateTimeField(null=True)


class FollowUp(models.Model):
    """A case that waits for township or county to act (群众等我出面), until its destination."""

    id = models.UUIDField(primary_key=True, default=new_id)
    ref = models.TextField(unique=True)
    demand = models.ForeignKey("market.FinancingDemand", models.PROTECT, related_name="follow_ups")
    kind = models.TextField()
    """unclaimed, three_refused, asked_for_help, unmet, no_reply"""
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    owner = models.ForeignKey("parties.Staff", models.PROTECT, null=True, related_name="+")
    destination = models.TextField(blank=True, default="")
    destination_words = EncryptedText(
        data_class="C2", purpose="说清去处", retention=DEMAND_RETENTION, blank=True, default=""
    )
    again_on = models.DateField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, destination="")
                | Q(closed_at__isnull=False) & ~Q(destination=""),
                name="follow_up_closes_with_destination",
            ),
            models.UniqueConstraint(
                fields=["demand", "kind"],
                condition=Q(closed_at__isnull=True),
                name="follow_up_one_open",
            ),
        ]


class CaseNote(models.Model):
    """A note of township or county on a case: a nudge, a visit, a talk."""

    id = models.UUIDField(primary_key=True, default=new_id)
    demand = models.ForeignKey("market.FinancingDemand", models.PROTECT, related_name="notes")
    at = models.DateTimeField()
    by_ref = models.TextField()
    role = models.TextField()
    kind = models.TextField()
    words = EncryptedText(data_class="C2", purpose="跟踪服务", retention=DEMAND_RETENTION)
