"""What a bank asks: demands it may claim, engagements of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, QuerySet
from django.db.models.functions import Now

from puhui.consent import queries as consents
from puhui.kernel.actor import BANK, Actor, query
from puhui.kernel.command import NOT_FOUND, Refused, database_now
from puhui.kernel.prepared import Prepared
from puhui.market.lifecycle import LIVE_ENGAGEMENT, OPEN_DEMAND
from puhui.market.models import Engagement, FinancingDemand, Supervision
from puhui.market.queries.paging import older
from puhui.market.queries.shaping import (
    BESIDE,
    RARE_AT_BANK,
    class_and_scale,
    engagement_view,
    filled,
    supervision_views,
    with_marks,
    with_parties,
)
from puhui.market.queries.views import BankCase, EngagementView
from puhui.market.reach import engagements, is_on_duty
from puhui.market.terms import DemandCard
from puhui.parties.terms import mask_name

OF_CASE = (
    *BESIDE,
    "demand__resident",
    "demand__township",
    "demand__village",
    "demand__enterprise",
)
"""What `_bank_case` reads beside an engagement."""
OF_OTHERS = {
    "bank": ("ref", "name", "duty_phone"),
    "officer": ("ref", "name"),
    "demand": ("ref",),
    "loan_return": (
        *("signed_at", "amount_fen", "rate_ppm", "due_on", "paid_out_on", "returned_at"),
        *("money_word", "pays_out_on"),
    ),
    "objection": (
        *("ref", "words", "is_against_automation", "opened_at", "answered_at", "outcome"),
        "answer_words",
    ),
}
"""What a view of an engagement shows of BESIDE."""
OWN_WORDS = ("purpose_words", "story")
CARD = (
    *("ref", "township__name", "purpose", "scale", "scale_unit", "enterprise_id", "subject"),
    *("amount_fen", "term", "repayment_wish", "securities", "age_band", "is_first_loan"),
    *("call_wish", "slots", "live", "published_at"),
)
"""What `card` reads of a demand."""
AS_AFTER_CLAIM = LIVE_ENGAGEMENT | {"signed", "disbursed"}


def claimable(bank: Any) -> QuerySet[FinancingDemand]:
    """Undirected open demands with a slot left that this bank does not work."""
    worked = Engagement.objects.filter(bank_id=bank, demand_id=OuterRef("pk"))
    return FinancingDemand.objects.filter(
        ~Exists(worked.exclude(state="released")),
        state__in=OPEN_DEMAND,
        directed_bank__isnull=True,
        live__lt=F("slots"),
    )


@Prepared
def _case_of(bank: UUID, ref: str) -> QuerySet[Any]:
    """One engagement of a bank, as `_bank_case` reads it once it is `filled`; `read_at`: now."""
    kinds = {**RARE_AT_BANK, "supervisions": Supervision}
    rows = Engagement.objects.filter(bank_id=bank, ref=ref).annotate(read_at=Now())
    return with_marks(rows, kinds).select_related(*OF_CASE)


@Prepared
def _supervised(engagement: UUID) -> QuerySet[Supervision]:
    return with_parties(Supervision.objects.filter(engagement_id=engagement))


@cache
def _claimable(limit: int) -> Prepared[Any]:
    def build(bank: UUID) -> QuerySet[Any, Any]:
        rows = claimable(bank).order_by("-published_at", "-id")
        return rows.values_list(*CARD, named=True)[:limit]

    return Prepared(build)


@cache
def _newest(limit: int) -> Prepared[Engagement]:
    def build(bank: UUID) -> QuerySet[Engagement]:
        return _page(Engagement.objects.filter(bank_id=bank), limit)

    return Prepared(build)


def _page(rows: QuerySet[Engagement], limit: int) -> QuerySet[Engagement]:
    """Of the demand only its reference is shown, and of the bank what does not change."""
    own = [one.name for one in Engagement._meta.concrete_fields]
    shown = (f"{one}__{name}" for one, names in OF_OTHERS.items() for name in names)
    rows = with_marks(rows, RARE_AT_BANK).select_related(*BESIDE).only(*own, *shown)
    return rows.order_by("-claimed_at", "-id")[:limit]


@query(*BANK)
def open_demands(actor: Actor, *, limit: int = 200, before: str = "") -> list[DemandCard]:
    """Undirected demands that this bank may claim, newest first (M007).

    Exactly the fields of contract.md: never a name, phone, village, identity number or another
    bank's doings. `before` is a reference to page on from. One statement.
    """
    now = database_now()
    if not before:
        return [card(row, now) for row in _claimable(limit)(actor.organisation)]
    rows = claimable(actor.organisation).order_by("-published_at", "-id")
    rows = older(rows, "published_at", FinancingDemand.objects.filter(ref=before))
    return [card(row, now) for row in rows.values_list(*CARD, named=True)[:limit]]


@query(*BANK)
def open_demand(actor: Actor, ref: str) -> DemandCard:
    """The card of one demand that this bank may claim. Refuses NOT_FOUND."""
    rows = claimable(actor.organisation).filter(ref=ref)
    row = rows.values_list(*CARD, named=True).first()
    if row is None:
        raise Refused(NOT_FOUND)
    return card(row, database_now())


def card(row: Any, now: datetime) -> DemandCard:
    """A demand before a claim, from a row of CARD."""
    return DemandCard(
        ref=row.ref,
        township=row.township__name,
        purpose=row.purpose,
        scale=class_and_scale(row),
        amount_fen=row.amount_fen,
        term=row.term,
        repayment_wish=row.repayment_wish,
        securities=tuple(row.securities),
        age_band=row.age_band,
        is_first_loan=row.is_first_loan,
        call_window=row.call_wish,
        slots_left=row.slots - row.live,
        seconds_since_publication=max(0, int((now - row.published_at).total_seconds())),
    )


@query(*BANK)
def engagement(actor: Actor, ref: str) -> BankCase:
    """One engagement of the actor's bank with its demand, contact data aside. Refuses NOT_FOUND.

    The applicant's own words are part of it while the consent to this bank stands.
    """
    rows: Sequence[Any] = filled(_case_of(actor.organisation, ref))
    if not rows:
        raise Refused(NOT_FOUND)
    row = rows[0]
    knows = row.officer_id == actor.person or is_on_duty(actor, row.read_at)
    case = _bank_case(row, knows=knows)
    if not (case.story or case.purpose_words) or consents.is_allowed(
        actor, row.demand.resident_id, row.demand.ref, row.bank.ref, OWN_WORDS
    ):
        return case
    return replace(case, story="", purpose_words="")


@query(*BANK)
def enquiry_case(actor: Actor, enquiry_ref: str) -> BankCase:
    """The case of the actor's bank in which the applicant asked this. Refuses NOT_FOUND."""
    rows = engagements(actor).filter(enquiries__ref=enquiry_ref)
    found = rows.values_list("ref", flat=True).first()
    if found is None:
        raise Refused(NOT_FOUND)
    return engagement(actor, found)


@query(*BANK)
def engagement_of(actor: Actor, demand_ref: str) -> str:
    """The latest engagement of the actor's bank in a demand, by reference. Refuses NOT_FOUND."""
    rows = engagements(actor).filter(demand__ref=demand_ref).order_by("-claimed_at")
    found = rows.values_list("ref", flat=True).first()
    if found is None:
        raise Refused(NOT_FOUND)
    return found


@query(*BANK)
def has_engagement(actor: Actor, ref: str) -> None:
    """Whether the actor still reaches this engagement. Refuses NOT_FOUND. One statement."""
    if not engagements(actor).filter(ref=ref).exists():
        raise Refused(NOT_FOUND)


@query(*BANK)
def bank_engagements(
    actor: Actor, *, states: tuple[str, ...] = (), limit: int = 100, before: str = ""
) -> list[EngagementView]:
    """Engagements of the actor's bank, newest first; `states` narrows, `before` pages on."""
    if not states and not before:
        return _views(_newest(limit)(actor.organisation))
    rows = engagements(actor)
    if states:
        rows = rows.filter(state__in=states)
    if before:
        rows = older(rows, "claimed_at", engagements(actor).filter(ref=before))
    return _views(list(_page(rows, limit)))


def _views(rows: Sequence[Engagement]) -> list[EngagementView]:
    return [engagement_view(row) for row in filled(rows)]


def _bank_case(row: Any, *, knows: bool) -> BankCase:
    """An engagement of `_case_of`, `filled`.

    `knows`: the asker has the case or is on duty; colleagues do not learn the village.
    """
    demand, shown = row.demand, row.state in AS_AFTER_CLAIM
    assert demand.published_at and demand.clock_start_at
    return BankCase(
        engagement=engagement_view(row),
        contact_code=demand.contact_code if shown else "",
        township=demand.township.name,
        purpose=demand.purpose,
        purpose_words=demand.purpose_words if shown else "",
        scale=demand.scale,
        scale_unit=demand.scale_unit,
        story=demand.story if shown else "",
        amount_fen=demand.amount_fen,
        term=demand.term,
        repayment_wish=demand.repayment_wish,
        securities=tuple(demand.securities),
        age_band=demand.age_band,
        is_first_loan=demand.is_first_loan,
        call_wish=demand.call_wish,
        demand_state=demand.state,
        published_at=demand.published_at,
        demand_clock_start_at=demand.clock_start_at,
        now=row.read_at,
        name_masked=mask_name(demand.resident.name),
        village=demand.village.short_name if shown and knows else "",
        subject=demand.subject,
        enterprise_name=demand.enterprise.name if demand.enterprise and shown and knows else "",
        supervisions=supervision_views(_supervised(row.pk)) if row.has_supervisions else (),
    )
