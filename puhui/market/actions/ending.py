"""What every move of a demand or an engagement shares: the journal, the end, the slot."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import F

from puhui.consent import actions as consents
from puhui.kernel.actor import SYSTEM
from puhui.kernel.command import Work
from puhui.kernel.lifecycle import Change
from puhui.market import references
from puhui.market.actions.asking import close
from puhui.market.actions.pausing import end_pause
from puhui.market.clocks import Sheet, stop_all
from puhui.market.lifecycle import DEMAND, ENGAGEMENT, LIVE_ENGAGEMENT
from puhui.market.models import Engagement, FinancingDemand, FollowUp
from puhui.market.references import next_reference
from puhui.market.telling import Tellings, banks_at_work, topics
from puhui.market.terms import ClockKind, QuestionKind
from puhui.market.timing import timing
from puhui.parties import queries as parties

FOLLOW_UP_WITHIN = timedelta(hours=10)
REFUSALS_FOR_HELP = 3
SIGNED = ("signed", "disbursed", "settled")


def is_signed(demand: FinancingDemand) -> bool:
    """Whether a contract was signed for it: then only its own bank takes the case on."""
    return demand.engagements.filter(state__in=SIGNED).exists()


def journal(
    work: Work,
    demand: FinancingDemand,
    change: Change,
    *,
    banks: tuple[str, ...] = (),
    **facts: Any,
) -> None:
    """Journal a change of the demand, or of an engagement of `banks[0]`, for those who watch it."""
    kind = "demand" if change.entity == DEMAND.entity else "engagement"
    heard = topics(demand, *banks)
    if demand.directed_bank_id is None and _is_shown_to_all(change):
        heard = ("banks", *heard)
    work.record(
        f"{change.entity}.{change.move}",
        (kind, change.ref),
        demand=demand.ref,
        topics=heard,
        source=change.source,
        target=change.target,
        bank=banks[0] if kind == "engagement" and banks else "",
        **facts,
    )


def _is_shown_to_all(change: Change) -> bool:
    """Moves that change which demands banks may claim, or how many slots are left."""
    return change.move not in {
        "record_callback",
        "submit_plan",
        "keep_plan",
        "start_investigation",
        "report_investigation",
        "submit_offer",
        "accept_offer",
        "settle",
        "settled",
    }


def end_engagement(
    work: Work, demand: FinancingDemand, engagement: Engagement, move: str, **sets: Any
) -> Change:
    """End an engagement by `move`: its slot, its clocks, its open questions; then the demand."""
    held = engagement.holds_slot
    change = ENGAGEMENT.move(
        engagement, move, now=work.now, holds_slot=False, ended_at=work.now, **sets
    )
    stop_all(demand, work.now, engagement)
    end_pause(work, demand, engagement, "system")
    close(work.now, engagement=engagement)
    proposed = demand.reassignment_proposals.filter(engagement=engagement, answered_at__isnull=True)
    if proposed.update(answered_at=work.now, answer="gone"):
        close(work.now, QuestionKind.REASSIGN, demand=demand)
    if held:
        FinancingDemand.objects.filter(pk=demand.pk).update(live=F("live") - 1)
        demand.live -= 1
    return change


def after_engagement_ended(work: Work, demand: FinancingDemand) -> None:
    """The demand goes back to the pool, or to the follow-up list, when nobody works it any more."""
    if demand.state != "in_progress":
        return
    if demand.engagements.filter(state__in=LIVE_ENGAGEMENT).exists():
        return
    rules = timing(work.now)
    assert demand.published_at
    if work.now >= demand.published_at + timedelta(days=rules.limits.expiry_days):
        end_demand(work, demand, "give_up", reason="expired_with_engagements")
        open_follow_up(work, demand, "unmet")
        return
    change = DEMAND.move(demand, "last_engagement_ended", now=work.now)
    journal(work, demand, change)
    if demand.refusals >= REFUSALS_FOR_HELP:
        tell = Tellings.of(demand, work.now)
        follow_up = open_follow_up(work, demand, "three_refused", tell)
        if follow_up is not None:
            tell.write()
    elif demand.directed_bank_id is None:
        sheet = Sheet(rules, demand)
        start = rules.clock_start(work.now, "now")
        sheet.seconds(ClockKind.UNCLAIMED, start, rules.limits.unclaimed_seconds)
        sheet.write()


def end_demand(work: Work, demand: FinancingDemand, move: str, *, reason: str) -> None:
    """End a demand without money: live engagements are cancelled, clocks stopped."""
    for engagement in demand.engagements.filter(state__in=LIVE_ENGAGEMENT).select_related("bank"):
        change = end_engagement(work, demand, engagement, "cancel")
        journal(work, demand, change, banks=(engagement.bank.ref,))
    change = DEMAND.move(demand, move, now=work.now, ended_at=work.now, end_reason=reason)
    stop_all(demand, work.now)
    close(work.now, demand=demand)
    consents.wind_up(demand.ref, by=SYSTEM)
    journal(work, demand, change, reason=reason)


def open_follow_up(
    work: Work, demand: FinancingDemand, kind: str, tell: Tellings | None = None
) -> FollowUp | None:
    """Put the case on the list of township and county, with an owner; None when it is there."""
    if demand.follow_ups.filter(kind=kind, closed_at__isnull=True).exists():
        return None
    rivals = banks_at_work(demand)
    owner = parties.case_owner(SYSTEM, demand.township_id, work.now, rivals=rivals)
    row = FollowUp.objects.create(
        ref=next_reference(references.FOLLOW_UP),
        demand=demand,
        kind=kind,
        opened_at=work.now,
        due_at=work.now + FOLLOW_UP_WITHIN,
        owner_id=owner.id if owner else None,
    )
    work.record(
        "follow_up.open",
        ("follow_up", row.ref),
        demand=demand.ref,
        topics=topics(demand),
        kind=kind,
        owner=owner.ref if owner else "",
    )
    if tell is not None and kind == "three_refused":
        surname = owner.surname if owner else ""
        tell.applicant("S26", 编号=demand.ref, 姓=surname, 时间="今天")
        tell.township("T02", 编号=demand.ref, 地=demand.township.short_name, 时间="今天")
    return row
