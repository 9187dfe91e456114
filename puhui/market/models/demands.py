"""What applicants ask for, and what is asked of them."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from puhui.kernel.crypto import EncryptedJSON, EncryptedText, new_id
from puhui.market.lifecycle import DEMAND

DEMAND_RETENTION = "办结后 3 年；没办成的 2 年后去标识"


class RequestDraft(models.Model):
    """What somebody has typed so far, found again by an anonymous token; gone after 7 days."""

    id = models.UUIDField(primary_key=True, default=new_id)
    token_hash = models.BinaryField(unique=True)
    answers = EncryptedJSON(data_class="C2", purpose="填写中的需求", retention="7 天")
    updated_at = models.DateTimeField(db_index=True)


class FinancingDemand(models.Model):
    """What a resident wants: amount, purpose, term, and how far it has come (融资需求)."""

    id = models.UUIDField(primary_key=True, default=new_id)
    ref = models.TextField(unique=True)
    contact_code = models.TextField()
    """对接号: the four digits that a caller says first."""
    resident = models.ForeignKey("parties.Resident", models.PROTECT, related_name="demands")
    subject = models.TextField(default="farm_household", db_default="farm_household")
    """Which class of applicants asks (catalogue.terms.Subject)."""
    enterprise = models.ForeignKey(
        "parties.Enterprise", models.PROTECT, null=True, related_name="+", db_index=False
    )
    """For whom it is asked; `resident` is then its legal representative."""
    agent = models.ForeignKey(
        "parties.Resident", models.PROTECT, null=True, related_name="+", db_index=False
    )
    """Who asked for the enterprise, where that was not the representative."""
    village = models.ForeignKey("parties.Division", models.PROTECT, related_name="+")
    township = models.ForeignKey("parties.Division", models.PROTECT, related_name="+")
    state = models.TextField(default="draft")
    state_since = models.DateTimeField()
    created_at = models.DateTimeField()
    created_via = models.TextField()
    helper = models.ForeignKey("parties.Staff", models.PROTECT, null=True, related_name="+")
    republished_from = models.ForeignKey("market.FinancingDemand", models.PROTECT, null=True)

    amount_fen = models.BigIntegerField()
    purpose = models.TextField()
    purpose_words = EncryptedText(
        data_class="C2", purpose="办理需求", retention=DEMAND_RETENTION, blank=True, default=""
    )
    scale = models.IntegerField(null=True)
    scale_unit = models.TextField(blank=True, default="")
    story = EncryptedText(
        data_class="C2", purpose="办理需求", retention=DEMAND_RETENTION, blank=True, default=""
    )
    term = models.TextField()
    repayment_wish = models.TextField()
    securities = ArrayField(models.TextField(), default=list)
    age_band = models.TextField()
    is_first_loan = models.BooleanField(null=True)
    call_wish = models.TextField()
    relative = EncryptedJSON(
        data_class="C2", purpose="本人委托家人接电话", retention=DEMAND_RETENTION, null=True
    )
    directed_bank = models.ForeignKey(
        "parties.Organisation", models.PROTECT, null=True, related_name="+"
    )
    directed_product = models.ForeignKey(
        "catalogue.Product", models.PROTECT, null=True, related_name="+"
    )
    """What was asked for by name; it stays when every bank may see the request."""
    consent = models.ForeignKey("consent.Consent", models.PROTECT, null=True, related_name="+")

    slots = models.SmallIntegerField()
    live = models.SmallIntegerField(default=0)
    """Live engagements that hold a slot."""
    refusals = models.SmallIntegerField(default=0)
    published_at = models.DateTimeField(null=True)
    clock_start_at = models.DateTimeField(null=True)
    first_claimed_at = models.DateTimeField(null=True)
    first_attempt_at = models.DateTimeField(null=True)
    first_proposal_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    end_reason = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            DEMAND.state_check("demand_state_known"),
            models.CheckConstraint(
                condition=Q(live__gte=0, live__lte=models.F("slots")), name="demand_slots_held"
            ),
            models.CheckConstraint(
                condition=Q(state="draft", published_at__isnull=True)
                | ~Q(state="draft")
                & (
                    Q(
                        published_at__isnull=False,
                        clock_start_at__isnull=False,
                        consent__isnull=False,
                    )
                    | Q(state="withdrawn")
                ),
                name="demand_published_has_time",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "published", "in_progress"], ended_at__isnull=True)
                | Q(
                    state__in=["funded", "closed", "withdrawn", "expired", "unmet"],
                    ended_at__isnull=False,
                ),
                name="demand_ended_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(state="published") | Q(live=0), name="demand_published_is_free"
            ),
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="demand_amount_positive"),
            models.CheckConstraint(
                condition=Q(agent__isnull=True) | Q(enterprise__isnull=False),
                name="demand_agent_acts_for_one",
            ),
        ]
        indexes = [
            models.Index(
                fields=["published_at"],
                name="demand_open",
                condition=Q(state__in=["published", "in_progress"], directed_bank__isnull=True),
            ),
            models.Index(fields=["resident", "-created_at"], name="demand_of_resident"),
            models.Index(
                fields=["enterprise", "-created_at"],
                name="demand_of_enterprise",
                condition=Q(enterprise__isnull=False),
            ),
            models.Index(fields=["township", "state", "-published_at"], name="demand_of_township"),
            models.Index(fields=["state", "-published_at"], name="demand_by_state"),
        ]


class Question(models.Model):
    """What only the applicant can say: did they call, did they come, is the money there."""

    id = models.UUIDField(primary_key=True, default=new_id)
    demand = models.ForeignKey(FinancingDemand, models.PROTECT, related_name="questions")
    engagement = models.ForeignKey(
        "market.Engagement", models.PROTECT, null=True, related_name="questions"
    )
    kind = models.TextField()
    asked_at = models.DateTimeField()
    answer = models.TextField(blank=True, default="")
    answered_at = models.DateTimeField(null=True)
    answered_via = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["demand", "engagement", "kind"],
                condition=Q(answered_at__isnull=True),
                nulls_distinct=False,
                name="question_one_open",
            )
        ]


class Rating(models.Model):
    """How the applicant found it, 1 to 3 on three questions; shared with the bank only if allowed."""

    engagement = models.OneToOneField(
        "market.Engagement", models.PROTECT, primary_key=True, related_name="rating"
    )
    speed = models.SmallIntegerField(null=True)
    kept_word = models.SmallIntegerField(null=True)
    overall = models.SmallIntegerField(null=True)
    """By text message (S20): one question only. Kept apart from the county's calls."""
    money_taken = models.BooleanField(null=True)
    words = EncryptedText(
        data_class="C2", purpose="满意度", retention=DEMAND_RETENTION, blank=True, default=""
    )
    may_tell_bank = models.BooleanField(default=False)
    at = models.DateTimeField()
