"""The county's daily calls: what was drawn from what, and what people said."""

from django.db import models
from django.db.models import Q

from puhui.kernel.crypto import EncryptedText, new_id

SURVEY_RETENTION = "回访后 3 年"


class SurveyDraw(models.Model):
    """One day's random draw: its seed and its frame, so that anybody can redo it."""

    class Kind(models.TextChoices):
        SATISFACTION = "satisfaction", "满意度回访"
        ASSISTED = "assisted", "代办抽查"

    id = models.UUIDField(primary_key=True, default=new_id)
    kind = models.TextField(choices=Kind)
    day = models.DateField()
    drawn_at = models.DateTimeField()
    seed = models.TextField()
    size = models.SmallIntegerField()
    frame = models.JSONField()
    """[[outcome, bank, demand, engagement]]: references only, as they stood when drawn."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "day"], name="survey_draw_once_a_day")
        ]


class SurveyCall(models.Model):
    """One person to call about one case, and the answers. `slot` is its number on the day's list."""

    class State(models.TextChoices):
        LISTED = "listed", "还没打"
        DONE = "done", "打完了"
        MISSED = "missed", "三次没接，换人了"
        DECLINED = "declined", "不愿说"
        LAPSED = "lapsed", "当天没打"

    id = models.UUIDField(primary_key=True, default=new_id)
    ref = models.TextField(unique=True)
    draw = models.ForeignKey(SurveyDraw, models.PROTECT, null=True, related_name="calls")
    """None: outside the sample, because the person answered “不好” by text message."""
    slot = models.SmallIntegerField()
    position = models.IntegerField()
    demand = models.ForeignKey(
        "market.FinancingDemand", models.PROTECT, related_name="survey_calls"
    )
    engagement = models.ForeignKey("market.Engagement", models.PROTECT, null=True, related_name="+")
    bank = models.ForeignKey("parties.Organisation", models.PROTECT, null=True, related_name="+")
    outcome = models.TextField()
    state = models.TextField(choices=State, default=State.LISTED)
    listed_at = models.DateTimeField()
    attempts = models.SmallIntegerField(default=0)
    last_attempt_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    by_ref = models.TextField(blank=True, default="")
    called = models.TextField(blank=True, default="")
    waited = models.TextField(blank=True, default="")
    visited = models.TextField(blank=True, default="")
    finished = models.TextField(blank=True, default="")
    kept_word = models.TextField(blank=True, default="")
    money_taken = models.BooleanField(null=True)
    attitude = models.SmallIntegerField(null=True)
    overall = models.SmallIntegerField(null=True)
    words = EncryptedText(
        data_class="C2", purpose="满意度回访", retention=SURVEY_RETENTION, blank=True, default=""
    )
    may_tell_bank = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["draw", "position"],
                condition=Q(draw__isnull=False),
                name="survey_call_position_once",
            ),
            models.CheckConstraint(
                condition=Q(state="listed", closed_at__isnull=True)
                | Q(state__in=["done", "missed", "declined", "lapsed"], closed_at__isnull=False),
                name="survey_call_closed_has_time",
            ),
            models.CheckConstraint(
                condition=Q(attitude__isnull=True) | Q(attitude__gte=1, attitude__lte=5),
                name="survey_attitude_1_to_5",
            ),
            models.CheckConstraint(
                condition=Q(overall__isnull=True) | Q(overall__gte=1, overall__lte=5),
                name="survey_overall_1_to_5",
            ),
            models.CheckConstraint(
                condition=~Q(money_taken=True) | Q(attitude__isnull=True, overall__isnull=True),
                name="survey_money_taken_is_not_scored",
            ),
        ]
        indexes = [
            models.Index(fields=["demand", "listed_at"], name="survey_call_of_demand"),
            models.Index(
                fields=["bank", "closed_at"], name="survey_call_done", condition=Q(state="done")
            ),
            models.Index(
                fields=["listed_at"], name="survey_call_listed", condition=Q(state="listed")
            ),
        ]
