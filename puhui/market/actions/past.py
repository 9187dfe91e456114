"""A migrating county's past: whole cases with their own times, checked by the lifecycles, at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from puhui.consent import actions as consents
from puhui.consent.terms import Giving, Way
from puhui.kernel.actor import SYSTEM, Actor, Role
from puhui.kernel.command import Work, command
from puhui.market import references
from puhui.market.actions.publishing import PURPOSE_APPLICATION
from puhui.market.models import PastRecord
from puhui.market.past.facts import Impossible
from puhui.market.past.played import Played
from puhui.market.past.playing import played
from puhui.market.past.reading import cases_of
from puhui.market.past.writing import (
    Home,
    Names,
    Numbers,
    Ready,
    case_digest,
    write,
)
from puhui.market.references import next_references
from puhui.market.rules import forms
from puhui.market.terms.past import PastDemand, PastRefusals
from puhui.parties import queries as parties
from puhui.parties.identifiers import IdentifierError, identity_number
from puhui.parties.terms import ImportReport, Registered
from puhui.sheets.reading import in_batches
from puhui.sheets.terms import Found, report

AT_ONCE = 2_000
COUNTY = ("county", "1")


@command(Role.COUNTY_ADMIN)
def import_history(
    work: Work, cases: Sequence[PastDemand] | bytes, *, dry_run: bool = False, by: Actor
) -> ImportReport:
    """Take in the cases of another system: a file of one JSON object a line, or the cases themselves
    (docs/migrating.md). Money in fen, rates in ppm, instants with their zone.

    Each case is played through the lifecycles: its states must be permitted, its times in order, its
    people and banks known; due times are taken as given and never guessed. A case whose `source_ref`
    was taken in before, word for word, is left alone. One journal row per 2,000 cases, with a hash
    from which no case can be changed unseen (`past_batches_hold`). Nothing is sent to anybody. With
    any error, or on a dry run, nothing is written; errors name line, field and rule (M028, P9).
    """
    found = Found("history")
    numbered = cases_of(cases, found) if isinstance(cases, bytes) else enumerate(cases, 1)
    told = _Taken(work.now, found)
    ready = told.judged(numbered)
    answer = report(told.count, len(ready), 0, [found], dry_run)
    if answer.is_done:
        for batch in in_batches(ready, AT_ONCE):
            _write(work, batch, told.names)
    return answer


class _Taken:
    """One import under way: who is known, what was found wrong."""

    def __init__(self, now: datetime, found: Found) -> None:
        self.now, self.found, self.count = now, found, 0
        banks = parties.banks(SYSTEM)
        self.names = Names({one.ref: one.id for one in banks}, parties.officers_of_banks(SYSTEM))
        self.largest_fen = parties.county(SYSTEM).largest_amount_fen
        self.seen: set[str] = set()

    def judged(self, numbered: Iterable[tuple[int, PastDemand]]) -> list[Ready]:
        """Cases that may be written; in batches, so that people are looked up together."""
        right: list[tuple[int, PastDemand, Played]] = []
        for line, case in numbered:
            self.count += 1
            play = self._played(line, case)
            if play is not None:
                right.append((line, case, play))
        return [ready for batch in in_batches(right, AT_ONCE) for ready in self._with_people(batch)]

    def _played(self, line: int, case: PastDemand) -> Played | None:
        before = self.found.count
        if not case.source_ref or case.source_ref in self.seen:
            reason = PastRefusals.SOURCE_TWICE if case.source_ref else PastRefusals.SOURCE_REF
            self.found.add(line, reason)
        self.seen.add(case.source_ref)
        for error in forms.demand_errors(case.asked, self.largest_fen):
            self.found.tell(line, error)
        if case.consent_method not in Way.values:
            self.found.add(line, PastRefusals.FIELD_BAD, "consent_method", name="consent_method")
        self._judge_names(line, case)
        try:
            play = played(case, self.now)
        except Impossible as wrong:
            self.found.add(line, wrong.reason, wrong.reason.field, **wrong.facts)
            return None
        return play if self.found.count == before else None

    def _judge_names(self, line: int, case: PastDemand) -> None:
        asked = {case.asked.directed_bank} - {""}
        for bank in asked | {one.bank for one in case.steps if one.bank}:
            if bank not in self.names.banks:
                self.found.add(line, PastRefusals.BANK, bank=bank)
        for bank, officer in {(one.bank, one.officer) for one in case.steps if one.officer}:
            if (bank, officer) not in self.names.officers:
                self.found.add(line, PastRefusals.OFFICER, bank=bank, officer=officer)

    def _with_people(self, batch: Sequence[tuple[int, PastDemand, Played]]) -> list[Ready]:
        """Those of the batch that are new, each with its resident."""
        kept = dict(
            PastRecord.objects.filter(
                source_ref__in=[case.source_ref for _line, case, _play in batch]
            ).values_list("source_ref", "digest")
        )
        people = parties.registered(SYSTEM, [_number(case) for _line, case, _play in batch])
        fresh = []
        for line, case, play in batch:
            asked = case.asked
            digest = case_digest(case.source_ref, asked.amount_fen, asked.purpose, play.events)
            person = people.get(_number(case))
            if case.source_ref in kept:
                if kept[case.source_ref] != digest:
                    self.found.add(line, PastRefusals.SOURCE_DIFFERS)
            elif self._is_known(line, play, person):
                assert person is not None
                home = Home(person.id, person.village_code, person.township_code)
                fresh.append(Ready(play, home, digest))
        return fresh

    def _is_known(self, line: int, play: Played, person: Registered | None) -> bool:
        if person is None:
            self.found.add(line, PastRefusals.RESIDENT)
            return False
        if play.sets["published_at"] < person.registered_at:
            self.found.add(line, PastRefusals.RESIDENT_LATER)
            return False
        return True


def _number(case: PastDemand) -> str:
    """The identity number in its one spelling; as written where it cannot be one."""
    try:
        return identity_number(case.identity_number).full
    except IdentifierError:
        return case.identity_number


def _write(work: Work, batch: Sequence[Ready], names: Names) -> None:
    refs = next_references(references.DEMAND, len(batch))
    every_bank = tuple(names.banks)
    givings = [
        Giving(
            ready.home.resident,
            PURPOSE_APPLICATION,
            ref,
            (ready.play.case.asked.directed_bank,) if ready.play.case.asked.directed_bank else every_bank,
            ready.play.case.consent_method,
            ready.play.sets["published_at"],
            ready.play.ended_at,
        )
        for ready, ref in zip(batch, refs, strict=True)
    ]  # fmt: skip
    given: dict[str, UUID] = dict(
        zip(refs, consents.give_consents(givings, by=SYSTEM), strict=True)
    )
    stamp = refs[0]
    digest = write(batch, names, given, refs, stamp, work.now, Numbers(batch))
    work.record(
        "history_imported",
        COUNTY,
        batch=stamp,
        rows=len(batch),
        sha256=digest,
        first=refs[0],
        last=refs[-1],
    )
