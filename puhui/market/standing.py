"""What is still under way of a resident or an enterprise: what keeps it from being deleted."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet

from puhui.kernel.actor import SYSTEM
from puhui.market.lifecycle import INTEGRITY, OPEN_DEMAND
from puhui.market.models import FinancingDemand, IntegrityCase, Objection
from puhui.market.terms import Hindrance
from puhui.parties import queries as parties


def hindrances_of(resident: UUID) -> tuple[Hindrance, ...]:
    """Everything live, one line each, with the number it is known by; empty: nothing holds it."""
    about = Q(demand__resident_id=resident) | Q(assistance__resident_id=resident)
    found = _of_demands(FinancingDemand.objects.filter(resident_id=resident), about)
    found += [Hindrance("enterprise", ref) for ref in parties.represented(SYSTEM, resident)]
    return tuple(found)


def hindrances_of_enterprise(enterprise: UUID) -> tuple[Hindrance, ...]:
    """What keeps an enterprise from being closed."""
    own = FinancingDemand.objects.filter(enterprise_id=enterprise)
    return tuple(_of_demands(own, Q(demand__enterprise_id=enterprise)))


def _of_demands(own: QuerySet[FinancingDemand], about: Q) -> list[Hindrance]:
    """`about`: which reports of money taken are the subject's."""
    open_ = own.filter(state__in=(*OPEN_DEMAND, "draft")).values_list("ref", "state")
    found = [Hindrance("draft" if state == "draft" else "open", ref) for ref, state in open_]
    objections = Objection.objects.filter(engagement__demand__in=own, answered_at__isnull=True)
    found += [
        Hindrance("objection", ref)
        for ref in objections.values_list("engagement__demand__ref", flat=True)
    ]
    cases = IntegrityCase.objects.filter(about, state__in=INTEGRITY.live)
    found += [Hindrance("case", ref) for ref in cases.values_list("ref", flat=True)]
    return found
