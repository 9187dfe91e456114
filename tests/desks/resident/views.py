"""Demands as the waiting page sees them, built by hand: no database, no clock."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from puhui.market.queries.views import CallView, ClockView, DemandView, EngagementView, QuestionView

SENT = datetime(2026, 11, 23, 6, 4, tzinfo=UTC)
"""14:04 in the county."""


def clock(
    kind: str, due: datetime | None, *, state: str = "running", start: datetime = SENT
) -> ClockView:
    return ClockView(kind, state, start, due, due if state == "breached" else None)


def after(**span: float) -> datetime:
    return SENT + timedelta(**span)


DEMAND = DemandView(
    ref="112407",
    contact_code="4718",
    state="published",
    created_at=SENT,
    published_at=SENT,
    clock_start_at=SENT,
    first_attempt_at=None,
    ended_at=None,
    end_reason="",
    amount_fen=10_000_000,
    purpose="livestock",
    purpose_words="",
    scale=120,
    scale_unit="只",
    story="",
    term="months_6",
    repayment_wish="once",
    securities=("none",),
    call_wish="now",
    township="河湾镇",
    village="东湾村",
    directed_bank_ref="",
    directed_bank_name="",
    directed_product_name="",
    slots=3,
    live=0,
    refusals=0,
    now=after(seconds=100),
    clocks=(
        clock("callback_applicant", after(minutes=5)),
        clock("supervision_applicant", after(minutes=10)),
        clock("unclaimed", after(minutes=10)),
    ),
    name_masked="李*民",
    phone_tail="6630",
)
BANK = EngagementView(
    id=UUID(int=1),
    ref="E1",
    demand_ref="112407",
    bank_ref="B01",
    bank_name="沃野农商银行",
    bank_phone="0000-1101",
    state="claimed",
    state_since=SENT,
    is_directed=False,
    holds_slot=True,
    claimed_at=SENT,
    clock_start_at=SENT,
    officer_ref="2037",
    officer_masked="周*",
    first_attempt_at=None,
    attempts=0,
    callback_late=False,
    called_back_at=None,
    call_again_at=None,
    callback_word="",
    visit_at=None,
    visit_word="",
    missing_words="",
    refusal_code="",
    refusal_words="",
    slot_reopened_at=None,
    long_pending_since=None,
    ended_at=None,
    clocks=(
        clock("callback_bank", after(minutes=5)),
        clock("supervision_bank", after(minutes=10)),
    ),
)


def demand(*banks: EngagementView, **changes: Any) -> DemandView:
    """A demand with these banks working it."""
    state = "in_progress" if banks else "published"
    return replace(DEMAND, **{"engagements": banks, "live": len(banks), "state": state, **changes})


def bank(state: str = "claimed", **changes: Any) -> EngagementView:
    return replace(BANK, state=state, **changes)


def question(kind: str, engagement: str = "E1") -> QuestionView:
    return QuestionView(kind, engagement, "沃野农商银行", SENT)


def call(result: str) -> CallView:
    return CallView("C1", 1, after(minutes=3), True, result, 20)
