"""What the effects of one round of missed deadlines share: each thing is read once, written once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from uuid import UUID

from django.db.models import Count, F, Q

from puhui.kernel.actor import SYSTEM, Role
from puhui.kernel.command import Work
from puhui.market import references
from puhui.market.models import (
    Clock,
    Engagement,
    FinancingDemand,
    Supervision,
    SupervisionStep,
)
from puhui.market.references import next_references
from puhui.market.telling import Tellings
from puhui.market.timing import Timing, timing
from puhui.notices import actions as notices
from puhui.notices.terms import Announcement, Telling
from puhui.parties import queries as parties
from puhui.parties.terms import StaffCard

REFERENCES_AT_ONCE = 10


@dataclass
class Round:
    """The locked demands of one round with their engagements, and what is still to be written."""

    work: Work
    clocks: list[Clock]
    demands: dict[UUID, FinancingDemand]
    engagements: dict[UUID, Engagement]
    late: list[UUID] = field(default_factory=list)
    reopened: list[Engagement] = field(default_factory=list)
    supervisions: list[Supervision] = field(default_factory=list)
    steps: list[SupervisionStep] = field(default_factory=list)
    tellings: list[Telling] = field(default_factory=list)
    announcements: list[Announcement] = field(default_factory=list)
    _officers: dict[UUID, list[StaffCard]] = field(default_factory=dict)
    _heads: dict[UUID, list[StaffCard]] = field(default_factory=dict)

    @classmethod
    def of(cls, work: Work, ids: Iterable[UUID]) -> Round:
        """Read the clocks with their demands, and every engagement that an effect may touch."""
        clocks = list(Clock.objects.filter(pk__in=list(ids)).order_by("due_at", "id"))
        keys = {clock.demand_id for clock in clocks}
        rows = FinancingDemand.objects.filter(pk__in=keys).select_related("resident", "township")
        demands = {row.pk: row for row in rows}
        named = [clock.engagement_id for clock in clocks if clock.engagement_id]
        touched = Engagement.objects.filter(Q(pk__in=named) | Q(demand__in=keys, state="claimed"))
        engagements = {row.pk: row for row in touched.select_related("bank").order_by("pk")}
        for engagement in engagements.values():
            engagement.demand = demands[engagement.demand_id]
        return cls(work, clocks, demands, engagements)

    @cached_property
    def rules(self) -> Timing:
        return timing(self.work.now)

    def engagement_of(self, clock: Clock) -> Engagement | None:
        return self.engagements[clock.engagement_id] if clock.engagement_id else None

    def claimed(self, demand: FinancingDemand) -> list[Engagement]:
        """Banks that hold the case and have reached nobody yet."""
        ours = (one for one in self.engagements.values() if one.demand_id == demand.pk)
        return [one for one in ours if one.state == "claimed"]

    def officers(self, bank: UUID) -> list[StaffCard]:
        if bank not in self._officers:
            self._officers[bank] = parties.officers_on_duty(SYSTEM, bank, self.work.now)
        return self._officers[bank]

    def heads(self, bank: UUID) -> list[StaffCard]:
        if bank not in self._heads:
            self._heads[bank] = parties.duty_holders(
                SYSTEM, Role.BANK_ADMIN, organisation_id=bank, now=self.work.now
            )
        return self._heads[bank]

    def tell(self, demand: FinancingDemand) -> Tellings:
        """Messages about a demand; they are written with the round's."""
        return Tellings(demand, self.work.now, self.tellings)

    def announce(
        self, event: str, demand: FinancingDemand, banks: Iterable[UUID], **data: object
    ) -> None:
        told = {"demand": demand.ref, "at": self.work.now.isoformat(), **data}
        self.announcements.append(Announcement(event, tuple(banks), told, demand.ref))

    # -- supervision records ------------------------------------------------------------------

    @cached_property
    def supervised(self) -> set[tuple[UUID, UUID | None, str]]:
        """Which demands have a supervision record already: demand, engagement, kind."""
        rows = Supervision.objects.filter(demand__in=self.demands)
        return set(rows.values_list("demand_id", "engagement_id", "kind"))

    @cached_property
    def _counts(self) -> dict[tuple[UUID | None, str], int]:
        since = self.work.now - timedelta(hours=24)
        banks = {one.bank_id for one in self.engagements.values()}
        rows = Supervision.objects.filter(bank__in=banks, opened_at__gte=since)
        counted = rows.values_list("bank_id", "kind").annotate(n=Count("pk")).order_by()
        return {(bank, kind): n for bank, kind, n in counted}

    def count_supervision(self, bank: UUID, kind: str) -> int:
        """Which one of the last 24 hours this is for the bank, 1 being the first."""
        self._counts[bank, kind] = self._counts.get((bank, kind), 0) + 1
        return self._counts[bank, kind]

    @cached_property
    def supervision_references(self) -> Iterator[str]:
        def draw() -> Iterator[str]:
            while True:
                yield from next_references(references.SUPERVISION, REFERENCES_AT_ONCE)

        return draw()

    # -- writing ------------------------------------------------------------------------------

    def write_moves(self) -> None:
        """Bring the rows of engagements and demands up to date with what the effects decided."""
        if self.late:
            Engagement.objects.filter(pk__in=self.late).update(callback_late=True)
        if self.reopened:
            Engagement.objects.filter(pk__in=[one.pk for one in self.reopened]).update(
                holds_slot=False, slot_reopened_at=self.work.now
            )
        for count, demands in self._slots_given_back().items():
            FinancingDemand.objects.filter(pk__in=demands).update(live=F("live") - count)
        self.late, self.reopened = [], []

    def _slots_given_back(self) -> dict[int, list[UUID]]:
        """Demands by how many of their slots were given back."""
        ours = [one.demand_id for one in self.reopened]
        found: dict[int, list[UUID]] = {}
        for demand in dict.fromkeys(ours):
            found.setdefault(ours.count(demand), []).append(demand)
        return found

    def reread(self, demand: FinancingDemand) -> None:
        """After an effect that moved things by itself."""
        demand.refresh_from_db(fields=["state", "live", "refusals", "first_claimed_at"])
        for engagement in self.engagements.values():
            if engagement.demand_id == demand.pk:
                engagement.refresh_from_db(fields=["state", "holds_slot", "first_attempt_at"])
                engagement.demand = demand

    def write(self) -> None:
        """Write everything that is left."""
        self.write_moves()
        Supervision.objects.bulk_create(self.supervisions)
        SupervisionStep.objects.bulk_create(self.steps)
        if self.announcements:
            notices.announce_all(self.announcements, by=SYSTEM)
        if self.tellings:
            notices.tell(self.tellings, by=SYSTEM)
