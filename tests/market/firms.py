"""An enterprise of the test county with its legal representative and an agent, by the real actions."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import count

from puhui.kernel.actor import SYSTEM, Actor
from puhui.kernel.clock import local_date
from puhui.kernel.command import database_now
from puhui.market import actions as market
from puhui.market.terms import DemandForm
from puhui.notices.models import TextMessage
from puhui.parties import actions as parties
from puhui.parties import queries
from puhui.parties.identifiers import credit_code_of
from puhui.parties.models import Agency
from puhui.parties.subject_terms import EnterpriseForm
from tests import world as worlds

_serials = count(1)
WAN = 1_000_000


@dataclass
class Firm:
    """`ref` of the enterprise, its representative, somebody who acts for it, their agency."""

    ref: str
    head: Actor
    agent: Actor
    agency: str


def form(prefix: str = "93990525", kind: str = "cooperative", **changes: object) -> EnterpriseForm:
    code = credit_code_of(prefix, f"MA{next(_serials):06d}").full
    given = {
        "kind": kind,
        "name": f"河湾{code[12:16]}果蔬农民专业合作社",
        "credit_code": code,
        "industry": "agri",
        "village_code": worlds.VILLAGE,
        "revenue_fen": 600 * WAN,
    }
    return EnterpriseForm(**(given | changes))  # type: ignore[arg-type]


def until(days: int = 300) -> date:
    return local_date(database_now()) + timedelta(days=days)


def authorise(ref: str, head: Actor, agent: Actor, *scopes: str) -> str:
    """Authorised by page and confirmed by the representative's reply; the agency's reference."""
    person = queries.applicant(agent)
    agency = market.let_agent_act(
        ref,
        name=person.name,
        phone=person.phone,
        scopes=scopes or ("request", "choose"),
        ends_on=until(),
        by=head,
    )
    phone = queries.applicant(head).phone
    asked = TextMessage.objects.filter(code="S40").latest("created_at")
    assert market.take_text_reply(f"g{agency}", phone, "1", in_reply_to=str(asked.pk), by=SYSTEM)
    return agency


def firm(*scopes: str, **changes: object) -> Firm:
    head, agent = worlds.resident(name="赵理事"), worlds.resident(name="孙会计")
    ref = parties.register_enterprise(form(**changes), by=head)  # type: ignore[arg-type]
    return Firm(ref, head, agent, authorise(ref, head, agent, *scopes))


def demand_form(ref: str = "", **changes: object) -> DemandForm:
    return replace(worlds.FORM, enterprise=ref, **changes)  # type: ignore[arg-type]


def expire(agency: str) -> None:
    """Its last day is over: what passing time does, which no action can."""
    now = database_now()
    Agency.objects.filter(ref=agency).update(
        starts_at=now - timedelta(days=2), ends_at=now - timedelta(seconds=1)
    )
