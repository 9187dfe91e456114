"""What county and township offices write and check: orders, re-checks, vacancies, what was sent."""

from django.db import models
from django.db.models import Q

from puhui.kernel.crypto import EncryptedText, new_id
from puhui.market.models.surveys import SURVEY_RETENTION


class SupervisionOrder(models.Model):
    """A written supervision order (督办单) to one bank, with the day by which it answers."""

    id = models.UUIDField(primary_key=True, default=new_id)
    ref = models.TextField(unique=True)
    bank = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="+")
    issued_at = models.DateTimeField()
    issued_by_ref = models.TextField()
    due_at = models.DateTimeField()
    words = models.TextField()
    items = models.JSONField()
    """[[case, step, due day]] as they stood when it was issued."""
    answered_at = models.DateTimeField(null=True)
    answered_by_ref = models.TextField(blank=True, default="")
    answer = models.TextField(blank=True, default="")
    closed_at = models.DateTimeField(null=True)
    closed_by_ref = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answer="")
                | Q(answered_at__isnull=False) & ~Q(answer=""),
                name="order_answered_has_words",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(answered_at__isnull=False),
                name="order_closes_after_answer",
            ),
        ]
        indexes = [models.Index(fields=["bank", "-issued_at"], name="order_of_bank")]


class Recheck(models.Model):
    """A request that somebody helped with, drawn to be asked about by phone (代办抽查)."""

    class State(models.TextChoices):
        LISTED = "listed", "还没打"
        DONE = "done", "核实了"

    id = models.UUIDField(primary_key=True, default=new_id)
    ref = models.TextField(unique=True)
    draw = models.ForeignKey("market.SurveyDraw", models.PROTECT, related_name="rechecks")
    demand = models.OneToOneField("market.FinancingDemand", models.PROTECT, related_name="recheck")
    helped = models.SmallIntegerField()
    """How many requests were helped with in that village that week."""
    state = models.TextField(choices=State, default=State.LISTED)
    listed_at = models.DateTimeField()
    attempts = models.SmallIntegerField(default=0)
    outcome = models.TextField(blank=True, default="")
    words = EncryptedText(
        data_class="C2", purpose="代办抽查", retention=SURVEY_RETENTION, blank=True, default=""
    )
    closed_at = models.DateTimeField(null=True)
    by_ref = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="listed", closed_at__isnull=True, outcome="")
                | Q(state="done", closed_at__isnull=False) & ~Q(outcome=""),
                name="recheck_done_has_outcome",
            )
        ]
        indexes = [
            models.Index(fields=["listed_at"], name="recheck_listed", condition=Q(state="listed"))
        ]


class VacancyReport(models.Model):
    """A deputy reports a village without a finance commissioner (报补人)."""

    id = models.UUIDField(primary_key=True, default=new_id)
    village = models.ForeignKey("parties.Division", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    by_ref = models.TextField()
    words = models.TextField(blank=True, default="")

    class Meta:
        indexes = [models.Index(fields=["village", "-at"], name="vacancy_of_village")]


class OfficeReport(models.Model):
    """A report that went out to an office, so that it goes out once: kind and what it was for."""

    id = models.UUIDField(primary_key=True, default=new_id)
    kind = models.TextField()
    key = models.TextField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="office_report_once")]
