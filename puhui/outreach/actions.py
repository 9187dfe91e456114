"""Outreach events: planned, logged, cancelled."""

from __future__ import annotations

from puhui.kernel.actor import Actor
from puhui.kernel.command import Invalid, Refused, Work, command
from puhui.kernel.crypto import new_id
from puhui.outreach import rules
from puhui.outreach.models import OutreachEvent
from puhui.outreach.reach import PLANNERS, lock, townships_of
from puhui.outreach.terms import EventForm, Refusals
from puhui.parties import queries as parties

State = OutreachEvent.State


@command(*PLANNERS)
def plan_event(work: Work, form: EventForm, *, by: Actor) -> str:
    """Plan an event in a township of the actor's; returns its reference (M017).

    Refuses TITLE, KIND, TOWNSHIP, VILLAGE, PLACE by field.
    """
    mine = townships_of(by, {one.code for one in parties.townships(by)})
    villages = {one.code for one in parties.villages(by, form.township)}
    errors = rules.form_errors(form, mine, villages)
    if errors or by.organisation is None:
        raise Invalid(errors) if errors else Refused(Refusals.TOWNSHIP)
    key = new_id()
    row = OutreachEvent.objects.create(
        id=key,
        ref=f"X{key.hex[-10:].upper()}",
        kind=form.kind,
        title=form.title.strip(),
        township_id=form.township,
        villages=sorted(set(form.villages)),
        place=form.place.strip(),
        starts_at=form.starts_at,
        organisation_id=by.organisation,
        planned_by=by.ref,
        planned_at=work.now,
    )
    _journal(work, row, "plan")
    return row.ref


@command(*PLANNERS)
def log_event(work: Work, ref: str, people: int, words: str = "", *, by: Actor) -> None:
    """Log an event that was held: how many came, and in words what was asked (M017).

    Refuses NOT_FOUND, STATE, NOT_YET, PEOPLE, WORDS.
    """
    row = lock(by, ref)
    if row.state != State.PLANNED:
        raise Refused(Refusals.STATE)
    if row.starts_at > work.now:
        raise Refused(Refusals.NOT_YET)
    if not 0 <= people <= rules.MOST_PEOPLE:
        raise Refused(Refusals.PEOPLE)
    if len(words) > rules.LONGEST_WORDS:
        raise Refused(Refusals.WORDS)
    row.state, row.people, row.words = State.HELD, people, words.strip()
    row.logged_by, row.logged_at = by.ref, work.now
    row.save(update_fields=["state", "people", "words", "logged_by", "logged_at"])
    _journal(work, row, "log")


@command(*PLANNERS)
def cancel_event(work: Work, ref: str, *, by: Actor) -> None:
    """Take a planned event off the plan; it stays in the log as cancelled. Refuses NOT_FOUND, STATE."""
    row = lock(by, ref)
    if row.state != State.PLANNED:
        raise Refused(Refusals.STATE)
    row.state, row.logged_by, row.logged_at = State.CANCELLED, by.ref, work.now
    row.save(update_fields=["state", "logged_by", "logged_at"])
    _journal(work, row, "cancel")


def _journal(work: Work, row: OutreachEvent, what: str) -> None:
    heard = ("county", f"township:{row.township_id}")
    work.record(f"outreach.{what}", ("outreach", row.ref), topics=heard, people=row.people)
