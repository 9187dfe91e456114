"""Deadlines as rows, and the county's dated rules for them."""

from django.db import models
from django.db.models import Q

from puhui.kernel.crypto import new_id


class ClockRules(models.Model):
    """The county's limits from a moment on. Dated data: an older rule stays for what it began."""

    id = models.UUIDField(primary_key=True, default=new_id)
    valid_from = models.DateTimeField(unique=True)
    limits = models.JSONField()
    set_by = models.TextField()


class DutyDay(models.Model):
    """One day's duty hours where they differ from the default; both empty: nobody calls."""

    day = models.DateField(primary_key=True)
    opens = models.TimeField(null=True)
    closes = models.TimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(opens__isnull=True, closes__isnull=True)
                | Q(closes__gt=models.F("opens")),
                name="duty_day_in_order",
            )
        ]


class Clock(models.Model):
    """One deadline. Due rows are the queue: sweepers take them with SKIP LOCKED."""

    class State(models.TextChoices):
        RUNNING = "running", "走着"
        MET = "met", "按时"
        BREACHED = "breached", "超时"
        STOPPED = "stopped", "不用了"

    id = models.UUIDField(primary_key=True, default=new_id)
    kind = models.TextField()
    demand = models.ForeignKey("market.FinancingDemand", models.PROTECT, related_name="clocks")
    engagement = models.ForeignKey(
        "market.Engagement", models.PROTECT, null=True, related_name="clocks"
    )
    started_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    working_days = models.SmallIntegerField(null=True)
    """Set while `due_at` waits for a calendar that is not loaded (awaiting_calendar)."""
    state = models.TextField(choices=State, default=State.RUNNING)
    settled_at = models.DateTimeField(null=True)
    """When it was met or stopped; for a breach, the due time itself."""
    found_at = models.DateTimeField(null=True)
    """When a sweeper found the breach."""

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="running", settled_at__isnull=True)
                | Q(state__in=["met", "breached", "stopped"], settled_at__isnull=False),
                name="clock_settled_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(state="breached") | Q(settled_at=models.F("due_at")),
                name="clock_breach_is_at_due_time",
            ),
            models.CheckConstraint(
                condition=Q(due_at__isnull=False)
                | Q(working_days__isnull=False)
                | Q(state="stopped"),
                name="clock_due_or_awaiting",
            ),
            models.UniqueConstraint(
                fields=["demand", "engagement", "kind"],
                condition=Q(state="running"),
                nulls_distinct=False,
                name="clock_one_running",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], name="clock_due", condition=Q(state="running")),
            models.Index(fields=["engagement", "kind"], name="clock_of_engagement"),
            models.Index(
                fields=["engagement", "kind"], name="clock_breached", condition=Q(state="breached")
            ),
            models.Index(
                fields=["demand", "started_at"],
                include=["state", "due_at"],
                name="clock_judged",
                condition=Q(kind="callback_applicant", state__in=["met", "breached"]),
            ),
        ]
