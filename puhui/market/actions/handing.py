"""Inside a bank: a case goes from one colleague to another; where it is stuck is written down."""

from __future__ import annotations

from uuid import UUID

from puhui.kernel.actor import BANK, Actor, Role
from puhui.kernel.command import Refused, Work, command
from puhui.market.lifecycle import LIVE_ENGAGEMENT
from puhui.market.models import Engagement, FinancingDemand, Obstacle
from puhui.market.reach import is_on_duty, lock_engagement
from puhui.market.telling import topics
from puhui.market.terms import Refusals
from puhui.parties import queries as parties

OPEN = LIVE_ENGAGEMENT | {"signed", "disbursed"}
LONGEST = 200


@command(*BANK)
def hand_over(
    work: Work, engagement_ref: str, officer: str, *, reason: str = "", by: Actor
) -> None:
    """Give a case to a colleague, who from then on sees the applicant's contact data (domain.md §2a).

    The bank's head may give any case, the officer in charge of it or on duty now this one; to
    oneself is taking it over. `officer`: staff number of the same bank. Refuses NOT_FOUND, STATE
    once it has ended, HAND_OVER_NOT_YOURS, OFFICER_UNKNOWN, OFFICER_SAME, REASON_LONG.
    """
    demand, engagement = lock_engagement(by, engagement_ref)
    if engagement.state not in OPEN:
        raise Refused(Refusals.STATE)
    if not may_hand_over(by, engagement, work):
        raise Refused(Refusals.HAND_OVER_NOT_YOURS)
    if len(reason) > LONGEST:
        raise Refused(Refusals.WORDS_EMPTY)
    colleague = next((one for one in parties.colleagues(by) if one.ref == officer), None)
    if colleague is None:
        raise Refused(Refusals.OFFICER_UNKNOWN)
    if engagement.officer_id == colleague.id:
        raise Refused(Refusals.OFFICER_SAME)
    before = engagement.officer.ref if engagement.officer else ""
    Engagement.objects.filter(pk=engagement.pk).update(officer_id=colleague.id)
    if reason.strip():
        note(work, engagement, f"转给 {colleague.ref}：{reason.strip()}"[:LONGEST], by.person)
    work.record(
        "engagement.hand_over",
        ("engagement", engagement.ref),
        demand=demand.ref,
        topics=topics(demand, engagement.bank.ref),
        bank=engagement.bank.ref,
        officer_from=before,
        officer_to=colleague.ref,
    )


def may_hand_over(by: Actor, engagement: Engagement, work: Work) -> bool:
    """The bank's head, who has the case, or who is on duty now."""
    if by.role is Role.BANK_ADMIN or (by.person and engagement.officer_id == by.person):
        return True
    return is_on_duty(by, work.now)


@command(*BANK)
def note_obstacle(work: Work, engagement_ref: str, words: str, *, by: Actor) -> None:
    """Write where a case is stuck (卡在哪); bank, township and county read it, the clocks go on.

    Refuses NOT_FOUND, STATE once it has ended, WORDS_EMPTY (1 to 200 characters).
    """
    demand, engagement = lock_engagement(by, engagement_ref)
    if engagement.state not in OPEN:
        raise Refused(Refusals.STATE)
    if not words.strip() or len(words) > LONGEST:
        raise Refused(Refusals.WORDS_EMPTY)
    note(work, engagement, words.strip(), by.person)
    _noted(work, demand, engagement)


def note(work: Work, engagement: Engagement, words: str, officer: UUID | None) -> None:
    """The newest note counts; older ones stay."""
    Obstacle.objects.create(engagement=engagement, words=words, at=work.now, officer_id=officer)


def _noted(work: Work, demand: FinancingDemand, engagement: Engagement) -> None:
    work.record(
        "engagement.note_obstacle",
        ("engagement", engagement.ref),
        demand=demand.ref,
        topics=topics(demand, engagement.bank.ref),
        bank=engagement.bank.ref,
    )
