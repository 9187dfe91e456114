"""“不是我”: a request in somebody's name is stopped, new ones are frozen, the county looks into it."""

from __future__ import annotations

from puhui.kernel.actor import Actor, Role
from puhui.kernel.command import Work, command
from puhui.market.actions.asking import close
from puhui.market.actions.ending import is_signed, open_follow_up
from puhui.market.actions.helping import void
from puhui.market.actions.integrity import open_case
from puhui.market.actions.withdrawing import cancel
from puhui.market.lifecycle import OPEN_DEMAND
from puhui.market.models import Assistance, FinancingDemand
from puhui.market.reach import lock_demand
from puhui.market.telling import topics
from puhui.market.terms import HelpState, QuestionKind, ReportSource
from puhui.parties import actions as parties

NOT_ME = "not_me"
"""Why such a request ended; nobody may choose it for a withdrawal."""


@command(Role.RESIDENT)
def deny_request(work: Work, ref: str, *, words: str = "", by: Actor) -> bool:
    """Say that one never made this request; whether it could be stopped (content.md §1.11, S25).

    A draft is void, an open request ends and its banks lose sight of the person, a signed one is
    left to bank and county. In every case no further request can be made in this name, and the
    county has a case with an owner and one working day. Refuses NOT_FOUND.
    """
    return stop(work, lock_demand(by, ref), by, words)


def stop(work: Work, demand: FinancingDemand, by: Actor, words: str = "") -> bool:
    """Stop a locked demand that its person denies."""
    work.record(
        "financing_demand.deny",
        ("demand", demand.ref),
        demand=demand.ref,
        topics=topics(demand),
        by=by,
        via=str(by.via),
        channel=demand.created_via,
        state=demand.state,
    )
    if by.person == demand.resident_id:  # whoever acts for a firm freezes nobody else
        parties.freeze_requests(demand.resident.ref, by=by)
    is_draft = demand.state == "draft"
    helper = f"，经手人工号 {demand.helper.ref}" if demand.helper else ""
    said = words.strip() or f"本人说不是自己提的（编号 {demand.ref}{helper}）。"
    open_case(
        work,
        ReportSource.NOT_ME,
        demand=None if is_draft else demand,
        engagement=None,
        draft=Assistance.objects.filter(demand=demand).first() if is_draft else None,
        words=said[:500],
        by=by,
    )
    close(work.now, QuestionKind.NOT_ME, demand=demand)
    if is_draft:
        void(work, demand, HelpState.REFUSED)
        return True
    if is_signed(demand):
        open_follow_up(work, demand, NOT_ME)
        return False
    if demand.state in OPEN_DEMAND:
        cancel(work, demand, reason=NOT_ME)
    return True
