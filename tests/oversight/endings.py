"""One case for every end that a request can have, through the real actions and sweeps."""

from __future__ import annotations

from datetime import timedelta

from puhui.kernel.command import database_now
from puhui.market import actions
from puhui.market.models import Clock, Engagement
from tests import world
from tests.desks import watched
from tests.market.ageing import age

MONTH = 31 * 86_400


def _over(ref: str) -> str:
    """Thirty days pass, and the sweep ends the case."""
    age(ref, MONTH)
    watched.sweep()
    return ref


def nobody(county: world.World) -> str:
    return _over(watched.published(county).ref)


def withdrawn(county: world.World) -> str:
    case = watched.published(county)
    actions.withdraw(case.ref, reason="not_needed", by=case.applicant)
    return case.ref


def phone(county: world.World, code: str = "R07") -> str:
    case = watched.called(county)
    actions.refuse(case.engagement, code, by=county.bank.officer)
    return _over(case.ref)


def missing(county: world.World) -> str:
    return phone(county, "R10")


def unreached(county: world.World) -> str:
    case = watched.claimed(county)
    actions.release(case.engagement, "三次没人接", by=county.bank.officer)
    return _over(case.ref)


def _kept(county: world.World) -> watched.Case:
    case = watched.called(county)
    actions.submit_plan(case.engagement, world.PLAN, by=county.bank.officer)
    actions.keep_plan(case.engagement, by=case.applicant)
    at = database_now() + timedelta(days=1)
    actions.start_investigation(case.engagement, at, by=county.bank.officer)
    return case


def visited(county: world.World) -> str:
    case = _kept(county)
    actions.refuse(case.engagement, "R05", by=county.bank.officer)
    return _over(case.ref)


def _offered(county: world.World) -> watched.Case:
    case = _kept(county)
    actions.report_investigation(case.engagement, by=county.bank.officer)
    actions.submit_offer(case.engagement, world.PLAN, by=county.bank.officer)
    return case


def approved_waiting(county: world.World) -> str:
    return _offered(county).ref


def approved_unused(county: world.World) -> str:
    case = _offered(county)
    actions.withdraw(case.ref, reason="too_dear", by=case.applicant)
    return case.ref


def approved_lapsed(county: world.World) -> str:
    case = _offered(county)
    row = Engagement.objects.get(ref=case.engagement)
    Clock.objects.filter(engagement=row, kind="offer_validity").update(
        due_at=database_now() - timedelta(seconds=5)
    )
    watched.sweep()
    return case.ref


def open_(county: world.World) -> str:
    return watched.called(county).ref


def paid(county: world.World) -> str:
    return watched.funded(county).ref


EVERY = {
    "nobody": nobody,
    "withdrawn": withdrawn,
    "phone": phone,
    "missing": missing,
    "unreached": unreached,
    "visited": visited,
    "open": open_,
    "approved_waiting": approved_waiting,
    "approved_unused": approved_unused,
    "approved_lapsed": approved_lapsed,
    "paid": paid,
}
