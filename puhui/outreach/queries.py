"""The log of outreach and its four counts."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from puhui.kernel.actor import Actor, Role, query
from puhui.kernel.clock import at_local
from puhui.kernel.command import NOT_FOUND, Refused
from puhui.outreach.models import OutreachEvent
from puhui.outreach.reach import READERS
from puhui.outreach.reach import events as reachable
from puhui.outreach.terms import Counts, Event, EventFilter, Visit
from puhui.parties import queries as parties

COUNTED = """
SELECT (SELECT count(*) FROM held), (SELECT count(DISTINCT township_id) FROM held),
       (SELECT count(DISTINCT v) FROM held, unnest(held.villages) AS v),
       (SELECT coalesce(sum(people), 0) FROM held)
"""


@query(*READERS)
def events(actor: Actor, wanted: EventFilter, *, limit: int = 200) -> list[Event]:
    """Events in the actor's reach, the latest first, at most `limit`; two statements."""
    rows = _narrowed(actor, wanted).select_related("township", "organisation")
    found = list(rows.order_by("-starts_at", "-id")[:limit])
    names = _village_names(found)
    return [_event(row, names) for row in found]


@query(Role.VILLAGE_COMMISSIONER)
def village_visits(actor: Actor, *, limit: int = 12) -> list[Visit]:
    """Who came, or is to come, to the specialist's own villages, whoever planned it; the latest first.

    What was said there, and which household anybody's case led to, is not among it. Two statements.
    """
    own = parties.own_villages(actor)
    codes, townships = [one.code for one in own], {one.township_code for one in own}
    rows = OutreachEvent.objects.filter(township__in=townships, villages__overlap=codes)
    rows = rows.exclude(state="cancelled")
    found = list(rows.select_related("organisation").order_by("-starts_at", "-id")[:limit])
    names = parties.division_names(Actor(Role.ANYONE), set(codes))
    return [
        Visit(
            row.title,
            row.organisation.name,
            tuple(names[code] for code in row.villages if code in names),
            row.place,
            row.starts_at,
            row.state == "held",
            row.people,
        )
        for row in found
    ]


@query(*READERS)
def event(actor: Actor, ref: str) -> Event:
    """One event. Refuses NOT_FOUND."""
    row = reachable(actor).select_related("township", "organisation").filter(ref=ref).first()
    if row is None:
        raise Refused(NOT_FOUND)
    return _event(row, _village_names([row]))


@query(*READERS, Role.SCREEN)
def event_counts(actor: Actor, wanted: EventFilter) -> Counts:
    """Events held, townships and villages reached (each once), people who came (M017).

    One statement over exactly the rows that `events` lists as held.
    """
    sql, values = _narrowed(actor, wanted).filter(state="held").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"WITH held AS ({sql}) {COUNTED}", values)
        return Counts(*(int(one) for one in cursor.fetchone()))


def _narrowed(actor: Actor, wanted: EventFilter) -> QuerySet[OutreachEvent]:
    rows = reachable(actor)
    if wanted.township:
        rows = rows.filter(township_id=wanted.township)
    if wanted.state:
        rows = rows.filter(state=wanted.state)
    return rows.filter(**_between(wanted.since, wanted.until))


def _between(since: date | None, until: date | None) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if since:
        found["starts_at__gte"] = at_local(since, time(0))
    if until:
        found["starts_at__lt"] = at_local(until + timedelta(days=1), time(0))
    return found


def _village_names(rows: list[OutreachEvent]) -> dict[str, str]:
    codes = {code for row in rows for code in row.villages}
    return parties.division_names(Actor(Role.ANYONE), codes) if codes else {}


def _event(row: OutreachEvent, names: dict[str, str]) -> Event:
    return Event(
        ref=row.ref,
        title=row.title,
        kind=row.kind,
        township_code=row.township_id,
        township=row.township.name,
        village_codes=tuple(row.villages),
        villages=tuple(names.get(code, code) for code in row.villages),
        place=row.place,
        starts_at=row.starts_at,
        state=row.state,
        people=row.people,
        words=row.words,
        organisation=row.organisation.name,
        planned_by=row.planned_by,
        logged_by=row.logged_by,
        logged_at=row.logged_at,
    )
