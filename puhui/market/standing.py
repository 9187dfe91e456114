"""What of a resident's is still under way: what keeps an account from being deleted."""

from __future__ import annotations

from uuid import UUID

from puhui.kernel.actor import Actor, Role
from puhui.market.lifecycle import INTEGRITY, OPEN_DEMAND
from puhui.market.models import Engagement, FinancingDemand, IntegrityCase, Objection
from puhui.market.terms import Hindrance
from puhui.parties import queries as parties


def hindrances_of(resident: UUID) -> tuple[Hindrance, ...]:
    """Everything live, one line each, with the number it is known by; empty: nothing holds it."""
    own = FinancingDemand.objects.filter(resident_id=resident)
    open_ = own.filter(state__in=(*OPEN_DEMAND, "draft")).values_list("ref", "state")
    found = [Hindrance("draft" if state == "draft" else "open", ref) for ref, state in open_]
    told = {one.ref for one in found}
    signed = Engagement.objects.filter(demand__resident_id=resident, state="signed")
    found += [
        Hindrance("signed", ref)
        for ref in signed.values_list("demand__ref", flat=True)
        if ref not in told
    ]
    objections = Objection.objects.filter(
        engagement__demand__resident_id=resident, answered_at__isnull=True
    )
    found += [
        Hindrance("objection", ref)
        for ref in objections.values_list("engagement__demand__ref", flat=True)
    ]
    cases = IntegrityCase.objects.filter(demand__resident_id=resident, state__in=INTEGRITY.live)
    found += [Hindrance("case", ref) for ref in cases.values_list("ref", flat=True)]
    if parties.acted_for(Actor(Role.RESIDENT, person=resident)):
        found.append(Hindrance("enterprise", ""))
    return tuple(found)
