"""Numbers that the county brings, and days kept as they were."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from puhui.kernel.actor import COUNTY, SYSTEM, Actor, Role
from puhui.kernel.clock import local_date
from puhui.kernel.command import FieldError, Invalid, Work, command
from puhui.market import queries as market
from puhui.oversight.models import DaySnapshot, Population
from puhui.oversight.queries.indicators import destinations, indicators
from puhui.oversight.terms import Refusals
from puhui.parties import queries as parties

LARGEST_PEOPLE = 9_999_999
LONGEST_SOURCE = 100


@command(*COUNTY)
def set_population(
    work: Work, people: Mapping[str, int], as_of: date, source: str, *, by: Actor
) -> int:
    """Age-eligible residents by township code on a day, with their source (M027); returns how many.

    The same day again replaces; other days stay. Refuses PEOPLE and PLACE by code, AS_OF, SOURCE.
    """
    known = {one.code for one in parties.townships(by)}
    errors = [
        FieldError(code, reason.code, reason.sentence)
        for code, number in people.items()
        for reason, holds in (
            (Refusals.PLACE, code in known),
            (Refusals.PEOPLE, 1 <= number <= LARGEST_PEOPLE),
        )
        if not holds
    ]
    if as_of > local_date(work.now):
        errors.append(FieldError("as_of", Refusals.AS_OF.code, Refusals.AS_OF.sentence))
    if not 1 <= len(source.strip()) <= LONGEST_SOURCE:
        errors.append(FieldError("source", Refusals.SOURCE.code, Refusals.SOURCE.sentence))
    if errors:
        raise Invalid(errors)
    rows = [
        Population(
            division_id=code,
            as_of=as_of,
            people=number,
            source=source.strip(),
            set_by=by.ref,
            set_at=work.now,
        )
        for code, number in people.items()
    ]
    Population.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["division", "as_of"],
        update_fields=["people", "source", "set_by", "set_at"],
    )
    work.record("population.set", ("population", str(as_of)), places=len(rows))
    return len(rows)


@command(Role.SYSTEM)
def keep_day(work: Work, *, by: Actor = SYSTEM) -> int:
    """Sweep: once a day, keep yesterday's figures as they stand now; returns how many were written.

    Yesterday's own counts, and what is counted all in all. Days that were missed stay missing:
    nobody can count them afterwards as they were.
    """
    yesterday = local_date(work.now) - timedelta(days=1)
    if DaySnapshot.objects.filter(day=yesterday).exists():
        return 0
    found = [
        *indicators(by, yesterday).figures,
        *destinations(market.whereabouts(by), yesterday),
    ]
    rows = [
        DaySnapshot(
            day=yesterday,
            code=one.code,
            value=one.value,
            denominator=one.denominator,
            taken_at=work.now,
        )
        for one in found
    ]
    kept = DaySnapshot.objects.bulk_create(rows, ignore_conflicts=True)
    work.record("figures.keep", ("day", str(yesterday)), figures=len(kept))
    return 0 if not kept else 1
