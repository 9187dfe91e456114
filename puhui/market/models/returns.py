"""What comes after a proposal: pauses, objections, another bank, what banks return by spreadsheet."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from puhui.kernel.crypto import EncryptedText, new_id
from puhui.market.models.demands import DEMAND_RETENTION


class CustomerPause(models.Model):
    """A bank says that it waits for its customer (等客户); it counts once the customer agrees."""

    id = models.UUIDField(primary_key=True, default=new_id)
    engagement = models.ForeignKey("market.Engagement", models.PROTECT, related_name="pauses")
    words = EncryptedText(data_class="C2", purpose="等客户准备什么", retention=DEMAND_RETENTION)
    asked_at = models.DateTimeField()
    asked_by_ref = models.TextField()
    confirmed_at = models.DateTimeField(null=True)
    left_working_days = models.SmallIntegerField(null=True)
    """Working days that the long-pending clock had left when it was stopped for this pause."""
    ended_at = models.DateTimeField(null=True)
    ended_by = models.TextField(blank=True, default="")
    """bank, applicant, or system where the engagement ended."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["engagement"], condition=Q(ended_at__isnull=True), name="pause_one_open"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by="")
                | Q(ended_at__isnull=False, ended_by__in=["bank", "applicant", "system"]),
                name="pause_ended_by_somebody",
            ),
        ]


class Objection(models.Model):
    """The applicant does not agree with a refusal: somebody at the bank looks at it again."""

    id = models.UUIDField(primary_key=True, default=new_id)
    ref = models.TextField(unique=True)
    engagement = models.OneToOneField("market.Engagement", models.PROTECT, related_name="objection")
    words = EncryptedText(
        data_class="C2", purpose="对结果有不同意见", retention=DEMAND_RETENTION, blank=True
    )
    is_against_automation = models.BooleanField(default=False)
    """A person reviews what a machine decided (个人信息保护法 第24条)."""
    opened_at = models.DateTimeField()
    owner = models.ForeignKey("parties.Staff", models.PROTECT, null=True, related_name="+")
    """The bank's head."""
    answered_at = models.DateTimeField(null=True)
    answered_by_ref = models.TextField(blank=True, default="")
    outcome = models.TextField(blank=True, default="")
    """upheld: the refusal stands; reopened: the bank takes the case up again; admitted: it would
    have, had the demand not ended."""
    answer_words = EncryptedText(
        data_class="C2", purpose="答复不同意见", retention=DEMAND_RETENTION, blank=True
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, outcome="")
                | Q(answered_at__isnull=False, outcome__in=["upheld", "reopened", "admitted"]),
                name="objection_answered_has_outcome",
            )
        ]
        indexes = [
            models.Index(
                fields=["opened_at"], name="objection_open", condition=Q(answered_at__isnull=True)
            )
        ]


class ReassignmentProposal(models.Model):
    """The county would give a case to another bank; only the applicant's yes does it (改派)."""

    id = models.UUIDField(primary_key=True, default=new_id)
    demand = models.ForeignKey(
        "market.FinancingDemand", models.PROTECT, related_name="reassignment_proposals"
    )
    engagement = models.ForeignKey("market.Engagement", models.PROTECT, related_name="+")
    bank = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    proposed_by_ref = models.TextField()
    answered_at = models.DateTimeField(null=True)
    answer = models.TextField(blank=True, default="")
    """yes, no, or gone where the case had moved on before the answer."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["demand"],
                condition=Q(answered_at__isnull=True),
                name="reassignment_one_open",
            )
        ]


class TalkRequest(models.Model):
    """The applicant likes none of the plans and asks the banks to talk again (再谈谈)."""

    id = models.UUIDField(primary_key=True, default=new_id)
    demand = models.ForeignKey(
        "market.FinancingDemand", models.PROTECT, related_name="talk_requests"
    )
    at = models.DateTimeField()
    wishes = ArrayField(models.TextField(), default=list)
    words = EncryptedText(
        data_class="C2", purpose="再谈谈", retention=DEMAND_RETENTION, blank=True, default=""
    )


class ReturnSheet(models.Model):
    """One month of a bank's loans as the bank's own books have them, uploaded as a spreadsheet."""

    id = models.UUIDField(primary_key=True, default=new_id)
    ref = models.TextField(unique=True)
    bank = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="+")
    month = models.DateField()
    """Its first day."""
    uploaded_at = models.DateTimeField()
    uploaded_by_ref = models.TextField()
    digest = models.TextField()
    """SHA-256 of the file."""
    rows = models.IntegerField()
    recorded = models.IntegerField()
    """Rows that were new to the platform and were recorded."""
    matched = models.IntegerField()

    class Meta:
        indexes = [models.Index(fields=["bank", "-month", "-uploaded_at"], name="sheet_of_bank")]


class SheetDifference(models.Model):
    """Where a bank's month and the platform do not agree; for the county's list (对不上的)."""

    id = models.UUIDField(primary_key=True, default=new_id)
    sheet = models.ForeignKey(ReturnSheet, models.PROTECT, related_name="differences")
    bank = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="+")
    month = models.DateField()
    kind = models.TextField()
    """missing_in_platform, missing_in_sheet or differing."""
    engagement = models.ForeignKey("market.Engagement", models.PROTECT, null=True, related_name="+")
    line = models.IntegerField(null=True)
    facts = models.JSONField(default=dict)
    """field: [in the sheet, on the platform]; sums in fen, rates in ppm, days as text."""
    found_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    """When the county noted its finding, or a later sheet agreed."""
    settled_by_ref = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["missing_in_platform", "missing_in_sheet", "differing"]),
                name="difference_kind_known",
            )
        ]
        indexes = [
            models.Index(
                fields=["found_at"], name="difference_open", condition=Q(settled_at__isnull=True)
            )
        ]
