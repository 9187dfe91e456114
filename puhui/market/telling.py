"""Who hears of what happens in the main job: applicants, bank staff, township, county, webhooks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from puhui.kernel.actor import SYSTEM, Role
from puhui.kernel.clock import local, minute_text, moment_text
from puhui.kernel.money import wan_text
from puhui.market.lifecycle import LIVE_ENGAGEMENT
from puhui.market.models import Engagement, FinancingDemand
from puhui.market.terms import Purpose, Term
from puhui.notices import actions as notices
from puhui.notices.terms import Telling
from puhui.parties import queries as parties
from puhui.parties.terms import StaffCard, StaffPhone


def topics(demand: FinancingDemand, *banks: str) -> tuple[str, ...]:
    """Who watches a demand live: county, its township, its applicant, and the named banks."""
    return (
        "county",
        f"township:{demand.township_id}",
        f"demand:{demand.ref}",
        f"resident:{demand.resident.ref}",
        *((f"resident:{demand.agent.ref}",) if demand.agent else ()),
        *(f"bank:{ref}" for ref in banks),
    )


def contact_of(demand: FinancingDemand) -> Any:
    """The resident whom banks and messages reach: the agent while their right to act holds, else the
    applicant, who for an enterprise is its legal representative."""
    if demand.enterprise_id is None or demand.agent is None:
        return demand.resident
    is_live = parties.is_agent_now(SYSTEM, demand.enterprise_id, demand.agent.pk)
    return demand.agent if is_live else demand.resident


@dataclass(slots=True)
class Tellings:
    """Messages of one action, written together."""

    demand: FinancingDemand
    now: datetime
    rows: list[Telling]

    @classmethod
    def of(cls, demand: FinancingDemand, now: datetime) -> Tellings:
        return cls(demand, now, [])

    def applicant(self, code: str, *, question: str = "", **params: str) -> None:
        """Tell the applicant. No amount, purpose or result ever goes into these words."""
        resident = contact_of(self.demand)
        self.rows.append(
            Telling(
                code=code,
                phone="" if resident.erased_at else resident.phone,
                params=params,
                resident=resident.pk,
                subject_ref=self.demand.ref,
                question=question,
            )
        )

    def staff(self, people: Iterable[StaffCard | StaffPhone], code: str, **params: str) -> None:
        self.rows.extend(
            Telling(
                code=code, phone=one.phone, params=params, staff=one.id, subject_ref=self.demand.ref
            )
            for one in people
        )

    def duty_officers(self, bank: UUID, code: str, **params: str) -> None:
        self.staff(parties.officers_on_duty(SYSTEM, bank, self.now), code, **params)

    def bank_heads(self, bank: UUID, code: str, **params: str) -> None:
        self.staff(
            parties.duty_holders(SYSTEM, Role.BANK_ADMIN, organisation_id=bank, now=self.now),
            code,
            **params,
        )

    def township(self, code: str, **params: str) -> None:
        """Tell the township's deputies, except one whose own bank competes (domain.md ruling 11)."""
        people = parties.duty_holders(
            SYSTEM, Role.TOWNSHIP_ADMIN, township_code=self.demand.township_id, now=self.now
        )
        rivals = banks_at_work(self.demand)
        self.staff([one for one in people if one.seconded_from_ref not in rivals], code, **params)

    def county(self, code: str, **params: str) -> None:
        people = parties.duty_holders(SYSTEM, Role.COUNTY_SUPERVISOR, now=self.now)
        self.staff(people, code, **params)

    def write(self) -> None:
        if self.rows:
            notices.tell(self.rows, by=SYSTEM)
            self.rows = []


def banks_at_work(demand: FinancingDemand) -> set[str]:
    """References of the banks that compete for a demand, as `reach` excludes their deputies by."""
    states = LIVE_ENGAGEMENT | {"signed", "disbursed", "settled"}
    refs = set(demand.engagements.filter(state__in=states).values_list("bank__ref", flat=True))
    return refs | ({demand.directed_bank.ref} if demand.directed_bank else set())


def announce(
    event: str, demand: FinancingDemand, banks: Iterable[UUID], now: datetime, **data: object
) -> None:
    """Send an event to the banks' webhooks, in order per demand."""
    notices.announce(
        event,
        list(banks),
        {"demand": demand.ref, "at": now.isoformat(), **data},
        order_key=demand.ref,
        by=SYSTEM,
    )


def case_words(demand: FinancingDemand) -> dict[str, str]:
    """What a text message to a bank may say of a demand before a claim (content.md §2.2)."""
    return {
        "编号": demand.ref,
        "地": demand.township.short_name,
        "用途": Purpose(demand.purpose).label,
        "金额": f"{wan_text(demand.amount_fen).replace(' ', '')}元",
        "期限": Term(demand.term).label.replace(" ", ""),
    }


def bank_words(engagement: Engagement) -> str:
    """The bank's short name for text messages."""
    return engagement.bank.sms_name


def at_words(at: datetime, now: datetime) -> str:
    """An instant for a text message: 今天17:00, 11-26 10:00."""
    if local(at).date() == local(now).date():
        return minute_text(at)
    return moment_text(at, now=now)
