"""A resident deletes the account (个人信息保护法 第47条; domain.md, retention)."""

from __future__ import annotations

from puhui.kernel.actor import Actor, Role
from puhui.kernel.command import NOT_FOUND, Refused, Work, command
from puhui.market.actions.forgetting import forget_person
from puhui.market.models import Assistance, FinancingDemand
from puhui.market.standing import hindrances_of
from puhui.market.terms import Refusals
from puhui.parties import queries as parties


@command(Role.RESIDENT)
def close_account(work: Work, *, by: Actor) -> None:
    """Delete the signed-in resident's account: at once, everywhere, for good.

    Name, numbers, phone, free words and messages are erased and every session ends; kept without
    them are consents and disclosures (3 years), sums, days and outcomes, and what banks keep by
    themselves. Refuses ACCOUNT_BUSY while a case is live; `account_hindrances` says which.
    """
    if by.person is None:
        raise Refused(NOT_FOUND)
    list(FinancingDemand.objects.select_for_update().filter(resident_id=by.person))
    if hindrances_of(by.person):
        raise Refused(Refusals.ACCOUNT_BUSY)
    person = parties.applicant(by)
    forget_person(person.id)
    Assistance.objects.filter(resident_id=person.id).update(relation="")
    work.record("account_closed", ("resident", person.ref))
