"""Writes played cases: rows of every table of the main job, copied in, each with its references."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from puhui.kernel.clock import local_date
from puhui.kernel.copying import copy_models
from puhui.kernel.crypto import new_id
from puhui.kernel.journal.entries import canonical
from puhui.market import references
from puhui.market.models import (
    CallAttempt,
    Clock,
    Engagement,
    FinancingDemand,
    FollowUp,
    LoanReturn,
    PastRecord,
    Proposal,
)
from puhui.market.past.played import Played, PlayedClock, PlayedEngagement
from puhui.market.references import next_references
from puhui.parties.identifiers import age_band, identity_number

FOLLOW_UP_WITHIN = timedelta(hours=10)


@dataclass(frozen=True, slots=True)
class Home:
    """Whose case it is: the resident's row and where they live."""

    resident: UUID
    village_code: str
    township_code: str


@dataclass(frozen=True, slots=True)
class Ready:
    """A case that may be written."""

    play: Played
    home: Home
    digest: str


@dataclass(frozen=True, slots=True)
class Names:
    """Rows by their references."""

    banks: Mapping[str, UUID]
    officers: Mapping[tuple[str, str], UUID]


class Numbers:
    """References for a batch, each kind asked for once."""

    def __init__(self, batch: Sequence[Ready]) -> None:
        works = [one for ready in batch for one in ready.play.engagements]
        counts = {
            references.DEMAND: len(batch),
            references.ENGAGEMENT: len(works),
            references.CALL: sum(len(one.calls) for one in works),
            references.FOLLOW_UP: sum(ready.play.destination is not None for ready in batch),
        }
        self.left = {
            kind: iter(next_references(kind, count) if count else ())
            for kind, count in counts.items()
        }

    def next(self, kind: str) -> str:
        return next(self.left[kind])


def write(
    batch: Sequence[Ready], names: Names, consents: Mapping[str, UUID], refs: Sequence[str],
    stamp: str, now: datetime, numbers: Numbers,
) -> str:  # fmt: skip
    """Copy a batch in; returns the SHA-256 of its digests. `refs`: the demands' references."""
    rows: dict[type, list[Any]] = {kind: [] for kind in ORDER}
    for place, (ready, ref) in enumerate(zip(batch, refs, strict=True)):
        demand = _demand(ready, ref, names, consents[ref])
        rows[FinancingDemand].append(demand)
        for row in _beneath(ready, demand, names, numbers):
            rows[type(row)].append(row)
        rows[PastRecord].append(
            PastRecord(
                demand=demand,
                source_ref=ready.play.case.source_ref,
                digest=ready.digest,
                batch=stamp,
                place=place,
                events=ready.play.events,
                imported_at=now,
            )
        )
    for kind in ORDER:
        copy_models(kind, rows[kind])
    return batch_hash(ready.digest for ready in batch)


def case_digest(source_ref: str, amount_fen: int, purpose: str, events: Sequence[Any]) -> str:
    """SHA-256 of what is kept of a case; of nothing by which its person could be guessed."""
    kept = {"source_ref": source_ref, "amount_fen": amount_fen, "purpose": purpose}
    return hashlib.sha256(canonical({**kept, "events": events}).encode()).hexdigest()


def batch_hash(digests: Iterator[str]) -> str:
    """What the journal keeps of a batch: the hash of its cases' digests in their order."""
    return hashlib.sha256("".join(digests).encode()).hexdigest()


ORDER: tuple[type, ...] = (
    FinancingDemand,
    Engagement,
    CallAttempt,
    Proposal,
    LoanReturn,
    Clock,
    FollowUp,
    PastRecord,
)
"""Every table after those it points to."""


def _demand(ready: Ready, ref: str, names: Names, consent: UUID) -> FinancingDemand:
    play, asked, sets = ready.play, ready.play.case.asked, ready.play.sets
    published_at = sets["published_at"]
    born_on = identity_number(play.case.identity_number).born_on
    return FinancingDemand(
        id=new_id(),
        ref=ref,
        contact_code=ref[-4:],
        resident_id=ready.home.resident,
        village_id=ready.home.village_code,
        township_id=ready.home.township_code,
        state=play.state,
        state_since=play.state_since,
        created_at=published_at,
        created_via=play.case.via,
        amount_fen=asked.amount_fen,
        purpose=asked.purpose,
        purpose_words=asked.purpose_words,
        scale=asked.scale,
        scale_unit=asked.scale_unit if asked.scale else "",
        story=asked.story,
        term=asked.term,
        repayment_wish=asked.repayment_wish,
        securities=list(asked.securities),
        age_band=age_band(born_on, local_date(published_at)),
        is_first_loan=asked.is_first_loan,
        call_wish=asked.call_wish,
        directed_bank_id=names.banks[asked.directed_bank] if asked.directed_bank else None,
        consent_id=consent,
        slots=play.slots,
        live=play.live,
        refusals=play.refusals,
        ended_at=play.ended_at,
        end_reason=play.end_reason,
        **sets,
    )


def _beneath(
    ready: Ready, demand: FinancingDemand, names: Names, numbers: Numbers
) -> Iterator[Any]:
    play = ready.play
    yield from _clocks(play.clocks, demand, None)
    for work in play.engagements:
        engagement = _engagement(work, demand, names, numbers)
        yield engagement
        yield from _clocks(work.clocks, demand, engagement)
        yield from _calls(work, engagement, numbers)
        yield from _proposals(work, engagement)
        if work.loan is not None:
            yield LoanReturn(engagement=engagement, **work.loan)
    if play.destination is not None:
        yield _follow_up(play.destination, demand, numbers)


def _engagement(
    work: PlayedEngagement, demand: FinancingDemand, names: Names, numbers: Numbers
) -> Engagement:
    return Engagement(
        id=new_id(),
        ref=numbers.next(references.ENGAGEMENT),
        demand=demand,
        bank_id=names.banks[work.bank],
        officer_id=names.officers.get((work.bank, work.officer)),
        is_directed=work.is_directed,
        state=work.state,
        state_since=work.state_since,
        holds_slot=work.holds_slot,
        claimed_at=work.claimed_at,
        clock_start_at=max(work.claimed_at, demand.clock_start_at or work.claimed_at),
        attempts=len(work.calls),
        ended_at=work.ended_at,
        **work.sets,
    )


def _clocks(
    clocks: list[PlayedClock], demand: FinancingDemand, engagement: Engagement | None
) -> Iterator[Clock]:
    for one in clocks:
        yield Clock(
            id=new_id(),
            kind=one.kind,
            demand=demand,
            engagement=engagement,
            started_at=one.started_at,
            due_at=one.due_at,
            state=one.state,
            settled_at=one.settled_at,
            found_at=one.found_at,
        )


def _calls(
    work: PlayedEngagement, engagement: Engagement, numbers: Numbers
) -> Iterator[CallAttempt]:
    for call in work.calls:
        if engagement.officer_id is not None:
            yield CallAttempt(
                id=new_id(),
                ref=numbers.next(references.CALL),
                engagement=engagement,
                officer_id=engagement.officer_id,
                **call,
            )


def _proposals(work: PlayedEngagement, engagement: Engagement) -> Iterator[Proposal]:
    for kind, facts in work.proposals.items():
        yield Proposal(
            id=new_id(),
            engagement=engagement,
            kind=kind,
            officer_id=engagement.officer_id,
            trips_words="",
            **facts,
        )


def _follow_up(
    destination: Mapping[str, Any], demand: FinancingDemand, numbers: Numbers
) -> FollowUp:
    opened_at = destination["opened_at"]
    return FollowUp(
        id=new_id(),
        ref=numbers.next(references.FOLLOW_UP),
        demand=demand,
        kind="unmet",
        opened_at=opened_at,
        due_at=opened_at + FOLLOW_UP_WITHIN,
        destination=destination["destination"],
        destination_words=destination["words"],
        closed_at=destination["closed_at"],
        closed_by="import",
    )
