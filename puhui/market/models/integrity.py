"""Somebody took money: the county's own cases, which the accused bank never sees."""

from django.db import models
from django.db.models import Q

from puhui.kernel.crypto import EncryptedText, new_id
from puhui.market.lifecycle import INTEGRITY

INTEGRITY_RETENTION = "办结后 5 年"


class IntegrityCase(models.Model):
    """A report that money, a gift or a tied purchase was asked for; due the day it was made."""

    id = models.UUIDField(primary_key=True, default=new_id)
    ref = models.TextField(unique=True)
    demand = models.ForeignKey(
        "market.FinancingDemand", models.PROTECT, null=True, related_name="integrity_cases"
    )
    assistance = models.ForeignKey("market.Assistance", models.PROTECT, null=True, related_name="+")
    """The help whose draft its person denied: what is left of a request that never went out."""
    engagement = models.ForeignKey("market.Engagement", models.PROTECT, null=True, related_name="+")
    bank = models.ForeignKey("parties.Organisation", models.PROTECT, null=True, related_name="+")
    source = models.TextField()
    state = models.TextField()
    state_since = models.DateTimeField()
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    owner = models.ForeignKey("parties.Staff", models.PROTECT, null=True, related_name="+")
    handed_at = models.DateTimeField(null=True)
    handed_to = models.TextField(blank=True, default="")
    finding = models.TextField(blank=True, default="")
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            INTEGRITY.state_check("integrity_state_known"),
            models.CheckConstraint(
                condition=~Q(state="handed_over") | Q(handed_at__isnull=False) & ~Q(handed_to=""),
                name="integrity_handed_names_office",
            ),
            models.CheckConstraint(
                condition=Q(state="closed", closed_at__isnull=False) & ~Q(finding="")
                | ~Q(state="closed") & Q(closed_at__isnull=True, finding=""),
                name="integrity_closed_has_finding",
            ),
            models.UniqueConstraint(
                fields=["demand", "engagement"],
                condition=Q(state__in=["open", "handed_over"], demand__isnull=False),
                nulls_distinct=False,
                name="integrity_one_live_per_engagement",
            ),
        ]
        indexes = [
            models.Index(fields=["opened_at"], name="integrity_open", condition=~Q(state="closed")),
            models.Index(fields=["-opened_at"], name="integrity_latest"),
        ]


class IntegrityStep(models.Model):
    """One thing said or done in an integrity case; none is ever changed."""

    id = models.UUIDField(primary_key=True, default=new_id)
    case = models.ForeignKey(IntegrityCase, models.PROTECT, related_name="steps")
    at = models.DateTimeField()
    kind = models.TextField()
    """said, note, handed_over, closed"""
    source = models.TextField(blank=True, default="")
    by_ref = models.TextField(blank=True, default="")
    role = models.TextField(blank=True, default="")
    receiver = models.TextField(blank=True, default="")
    """Who at the other office took it, and under which number."""
    words = EncryptedText(
        data_class="C2",
        purpose="查收钱收礼",
        retention=INTEGRITY_RETENTION,
        blank=True,
        default="",
    )
