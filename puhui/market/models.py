"""The tables of the main job: demands, engagements, calls, proposals, clocks, supervision."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from puhui.kernel.crypto import EncryptedJSON, EncryptedText, new_id
from puhui.market.lifecycle import DEMAND, ENGAGEMENT, LIVE_ENGAGEMENT

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
                condition=Q(directed_product__isnull=True) | Q(directed_bank__isnull=False),
                name="demand_product_names_its_bank",
            ),
        ]
        indexes = [
            models.Index(
                fields=["published_at"],
                name="demand_open",
                condition=Q(state__in=["published", "in_progress"], directed_bank__isnull=True),
            ),
            models.Index(fields=["resident", "-created_at"], name="demand_of_resident"),
            models.Index(fields=["township", "state", "-published_at"], name="demand_of_township"),
            models.Index(fields=["state", "-published_at"], name="demand_by_state"),
        ]


class Engagement(models.Model):
    """One bank working one demand (对接)."""

    id = models.UUIDField(primary_key=True, default=new_id)
    ref = models.TextField(unique=True)
    demand = models.ForeignKey(FinancingDemand, models.PROTECT, related_name="engagements")
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
            models.UniqueConstraint(fields=["engagement", "kind"], name="proposal_once"),
            models.CheckConstraint(
                condition=Q(amount_fen__gt=0, rate_ppm__gt=0, months__gt=0),
                name="proposal_sums_positive",
            ),
            models.CheckConstraint(
                condition=Q(kind="plan") | Q(kind="offer", valid_until__isnull=False),
                name="proposal_offer_has_end",
            ),
        ]


class LoanReturn(models.Model):
    """What the bank returned of its own contract: an event of the bank, never an act of ours."""

    engagement = models.OneToOneField(
        Engagement, models.PROTECT, primary_key=True, related_name="loan_return"
    )
    signed_at = models.DateTimeField()
    contract_hash = models.TextField(blank=True, default="")
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
    demand = models.ForeignKey(FinancingDemand, models.PROTECT, related_name="clocks")
    engagement = models.ForeignKey(Engagement, models.PROTECT, null=True, related_name="clocks")
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
        ]


class Supervision(models.Model):
    """A supervision record (督导): who was told, how, what they answered, by when."""

    id = models.UUIDField(primary_key=True, default=new_id)
    ref = models.TextField(unique=True)
    clock = models.ForeignKey(Clock, models.PROTECT, related_name="supervisions")
    demand = models.ForeignKey(FinancingDemand, models.PROTECT, related_name="supervisions")
    engagement = models.ForeignKey(
        Engagement, models.PROTECT, null=True, related_name="supervisions"
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
    demand = models.ForeignKey(FinancingDemand, models.PROTECT, related_name="follow_ups")
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
    demand = models.ForeignKey(FinancingDemand, models.PROTECT, related_name="notes")
    at = models.DateTimeField()
    by_ref = models.TextField()
    role = models.TextField()
    kind = models.TextField()
    words = EncryptedText(data_class="C2", purpose="跟踪服务", retention=DEMAND_RETENTION)


class Question(models.Model):
    """What only the applicant can say: did they call, did they come, is the money there."""

    id = models.UUIDField(primary_key=True, default=new_id)
    demand = models.ForeignKey(FinancingDemand, models.PROTECT, related_name="questions")
    engagement = models.ForeignKey(Engagement, models.PROTECT, null=True, related_name="questions")
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
        Engagement, models.PROTECT, primary_key=True, related_name="rating"
    )
    speed = models.SmallIntegerField(null=True)
    kept_word = models.SmallIntegerField(null=True)
    money_taken = models.BooleanField(null=True)
    words = EncryptedText(
        data_class="C2", purpose="满意度", retention=DEMAND_RETENTION, blank=True, default=""
    )
    may_tell_bank = models.BooleanField(default=False)
    at = models.DateTimeField()
