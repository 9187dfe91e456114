"""The applicant calls it off, or asks again."""

from __future__ import annotations

from puhui.kernel.actor import SYSTEM, Actor, Role
from puhui.kernel.command import Refused, Work, command
from puhui.market.actions.ending import end_demand, is_signed
from puhui.market.lifecycle import LIVE_ENGAGEMENT, OPEN_DEMAND
from puhui.market.models import FinancingDemand
from puhui.market.reach import lock_demand
from puhui.market.telling import Tellings, announce
from puhui.market.terms import Refusals, WithdrawReason
from puhui.parties import queries as parties
from puhui.parties.subject_terms import Scope


@command(Role.RESIDENT)
def withdraw(
    work: Work, ref: str, *, reason: str = WithdrawReason.RATHER_NOT_SAY, by: Actor
) -> None:
    """Call a demand off, free until a contract is signed; live engagements are cancelled (B2).

    Refuses NOT_FOUND, ALREADY_SIGNED, STATE.
    """
    demand = lock_demand(by, ref, needs=Scope.REQUEST)
    if is_signed(demand):
        raise Refused(Refusals.ALREADY_SIGNED)
    if demand.state not in OPEN_DEMAND:
        raise Refused(Refusals.STATE)
    kept = reason if reason in WithdrawReason.values else WithdrawReason.RATHER_NOT_SAY
    cancel(work, demand, reason=kept)


def cancel(work: Work, demand: FinancingDemand, *, reason: str) -> None:
    """Withdraw a locked demand and tell those who worked it, or could have."""
    working = [e.bank_id for e in demand.engagements.filter(state__in=LIVE_ENGAGEMENT)]
    directed = demand.directed_bank_id
    end_demand(work, demand, "withdraw", reason=reason)
    everybody = [bank.id for bank in parties.banks(SYSTEM)] if directed is None else working
    announce("demand.withdrawn", demand, everybody, work.now)
    tell = Tellings.of(demand, work.now)
    tell.applicant("S21", 编号=demand.ref)
    tell.write()
