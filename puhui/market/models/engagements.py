"""Banks at work on a demand: calls, proposals, what they return."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from puhui.kernel.crypto import EncryptedText, new_id
from puhui.market.lifecycle import ENGAGEMENT, LIVE_ENGAGEMENT
from puhui.market.models.demands import DEMAND_RETENTION


class Engagement(models.Model):
    """One bank working one demand (对接)."""

    id = models.UUIDField(primary_key=True, default=new_id)
    ref = models.TextField(unique=True)
    demand = models.ForeignKey("market.FinancingDemand", models.PROTECT, related_name="engagements")
    bank = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="engagements")
    officer = models.ForeignKey("parties.Staff", models.PROTECT, null=True, related_name="+")
    """The duty officer named at the claim, later the case manager."""
    is_directed = models.BooleanField(default=False)
    reassigned_from = models.ForeignKey("market.Engagement", models.PROTECT, null=True)
    state = models.TextField()
    state_since = models.DateTimeField()
    holds_slot = models.BooleanField()
    claimed_at = models.DateTimeField()
    clock_start_at = models.DateTimeField()
    first_attempt_at = models.DateTimeField(null=True)
    attempts = models.SmallIntegerField(default=0)
    callback_late = models.BooleanField(default=False)
    slot_reopened_at = models.DateTimeField(null=True)
    called_back_at = models.DateTimeField(null=True)
    call_again_at = models.DateTimeField(null=True)
    """When the applicant asked to be called again, or the bank said it would."""
    callback_word = models.TextField(blank=True, default="")
    """self_reported, confirmed or denied: kept apart in every figure."""
    kept_at = models.DateTimeField(null=True)
    visit_at = models.DateTimeField(null=True)
    visit_word = models.TextField(blank=True, default="")
    arrived_at = models.DateTimeField(null=True)
    """When the officer said to be at the door; the report of the visit follows."""
    missing_words = EncryptedText(
        data_class="C2", purpose="补材料", retention=DEMAND_RETENTION, blank=True, default=""
    )
    refusal_code = models.TextField(blank=True, default="")
    refusal_words = EncryptedText(
        data_class="C2",
        purpose="说明没办成的原因",
        retention=DEMAND_RETENTION,
        blank=True,
        default="",
    )
    refusal_amount_fen = models.BigIntegerField(null=True)
    """With R05: how much would be possible; with every other reason empty."""
    refusal_products = ArrayField(models.TextField(), default=list)
    """With R02 and R11: references of products that fit better, other banks' included."""
    is_refusal_automated = models.BooleanField(default=False)
    """A machine decided; the applicant may ask for a person (个人信息保护法 第24条)."""
    release_reason = models.TextField(blank=True, default="")
    long_pending_since = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            ENGAGEMENT.state_check("engagement_state_known"),
            models.UniqueConstraint(
                fields=["demand", "bank"],
                condition=Q(state__in=sorted(LIVE_ENGAGEMENT)),
                name="engagement_one_live_per_bank",
            ),
            models.UniqueConstraint(
                fields=["demand"],
                condition=Q(state__in=["signed", "disbursed", "settled"]),
                name="engagement_one_signed",
            ),
            models.CheckConstraint(
                condition=Q(holds_slot=False) | Q(state__in=sorted(LIVE_ENGAGEMENT)),
                name="engagement_slot_only_while_live",
            ),
            models.CheckConstraint(
                condition=Q(state="refused") | Q(refusal_code=""),
                name="engagement_refused_has_code",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=sorted(LIVE_ENGAGEMENT | {"signed", "disbursed"}),
                    ended_at__isnull=True,
                )
                | Q(
                    state__in=[
                        "settled",
                        "refused",
                        "not_selected",
                        "released",
                        "cancelled",
                        "lapsed",
                    ],
                    ended_at__isnull=False,
                ),
                name="engagement_ended_has_time",
            ),
            models.CheckConstraint(
                condition=Q(callback_word__in=["", "self_reported", "confirmed", "denied"]),
                name="engagement_callback_word_known",
            ),
        ]
        indexes = [
            models.Index(fields=["bank", "state", "claimed_at"], name="engagement_of_bank"),
            models.Index(
                fields=["bank"],
                name="engagement_uncalled",
                condition=Q(state="claimed", first_attempt_at__isnull=True),
            ),
            models.Index(
                fields=["long_pending_since"],
                name="engagement_long_pending",
                condition=Q(long_pending_since__isnull=False, ended_at__isnull=True),
            ),
            models.Index(
                fields=["ended_at"],
                name="engagement_no_reason",
                condition=Q(state="refused", refusal_code=""),
            ),
        ]


class CallAttempt(models.Model):
    """One dialling: its start is the database's time and alone decides punctuality."""

    id = models.UUIDField(primary_key=True, default=new_id)
    ref = models.TextField(unique=True)
    engagement = models.ForeignKey(Engagement, models.PROTECT, related_name="calls")
    officer = models.ForeignKey("parties.Staff", models.PROTECT, related_name="+")
    number = models.SmallIntegerField()
    started_at = models.DateTimeField()
    is_on_time = models.BooleanField()
    recorded_at = models.DateTimeField(null=True)
    result = models.TextField(blank=True, default="")
    duration_seconds = models.IntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["engagement", "number"], name="call_number_once"),
            models.CheckConstraint(
                condition=Q(result="", recorded_at__isnull=True)
                | Q(
                    result__in=["connected", "no_answer", "wrong_number", "asked_later"],
                    recorded_at__isnull=False,
                ),
                name="call_result_known",
            ),
        ]


class Proposal(models.Model):
    """What a bank would lend: an indicative plan (初步方案) or a firm offer (准信)."""

    class Kind(models.TextChoices):
        PLAN = "plan", "初步方案"
        OFFER = "offer", "准信"

    id = models.UUIDField(primary_key=True, default=new_id)
    engagement = models.ForeignKey(Engagement, models.PROTECT, related_name="proposals")
    kind = models.TextField(choices=Kind)
    product = models.ForeignKey("catalogue.Product", models.PROTECT, null=True, related_name="+")
    amount_fen = models.BigIntegerField()
    rate_ppm = models.IntegerField()
    months = models.SmallIntegerField()
    method = models.TextField()
    grace_months = models.SmallIntegerField(null=True)
    """Months of interest alone; empty with other methods and in older proposals."""
    is_scored = models.BooleanField(default=False)
    """The bank decides by the public credit score: a firm answer within one working day."""
    superseded_at = models.DateTimeField(null=True)
    """When the bank gave a better plan in its place; the first one stays as it was."""
    fees = models.JSONField(default=list)
    """[{name, amount_fen}]; charged once, at the start."""
    security_words = models.TextField()
    trips_words = models.TextField()
    answer_working_days = models.SmallIntegerField(null=True)
    prepayment_words = models.TextField(blank=True, default="")
    change_reason = models.TextField(blank=True, default="")
    """Why a firm offer differs from the plan; shown to the applicant."""
    valid_until = models.DateTimeField(null=True)
    submitted_at = models.DateTimeField()
    officer = models.ForeignKey("parties.Staff", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["engagement", "kind"],
                condition=Q(superseded_at__isnull=True),
                name="proposal_once_in_force",
            ),
            models.CheckConstraint(
                condition=Q(grace_months__isnull=True)
                | Q(grace_months__gte=0, grace_months__lt=models.F("months")),
                name="proposal_grace_within_term",
            ),
            models.CheckConstraint(
                condition=Q(amount_fen__gt=0, rate_ppm__gt=0, months__gt=0),
                name="proposal_sums_positive",
            ),
            models.CheckConstraint(
                condition=Q(kind="plan") | Q(kind="offer", valid_until__isnull=False),
                name="proposal_offer_has_end",
            ),
        ]
        indexes = [models.Index(fields=["kind", "submitted_at"], name="proposal_by_day")]


class LoanReturn(models.Model):
    """What the bank returned of its own contract: an event of the bank, never an act of ours."""

    engagement = models.OneToOneField(
        Engagement, models.PROTECT, primary_key=True, related_name="loan_return"
    )
    signed_at = models.DateTimeField()
    contract_hash = models.TextField(blank=True, default="")
    pays_out_on = models.DateField(null=True)
    """The day that the contract names for the money; empty: the day of signing."""
    amount_fen = models.BigIntegerField(null=True)
    rate_ppm = models.IntegerField(null=True)
    due_on = models.DateField(null=True)
    paid_out_on = models.DateField(null=True)
    returned_at = models.DateTimeField(null=True)
    is_first_loan = models.BooleanField(null=True)
    money_word = models.TextField(blank=True, default="")
    """confirmed or denied by the applicant; empty while not asked or not answered."""
    money_word_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(returned_at__isnull=True)
                | Q(
                    amount_fen__gt=0,
                    rate_ppm__gt=0,
                    due_on__isnull=False,
                    paid_out_on__isnull=False,
                ),
                name="return_has_its_four_fields",
            ),
            models.CheckConstraint(
                condition=Q(money_word__in=["", "confirmed", "denied"]), name="return_word_known"
            ),
        ]
