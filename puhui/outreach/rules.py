"""Pure judgements of outreach: what a form must hold."""

from __future__ import annotations

from collections.abc import Collection

from puhui.kernel.command import FieldError, Reason
from puhui.outreach.terms import EventForm, EventKind, Refusals

LONGEST_TITLE, LONGEST_PLACE, LONGEST_WORDS, MOST_PEOPLE = 60, 60, 500, 100_000


def form_errors(
    form: EventForm, townships: Collection[str], villages: Collection[str]
) -> list[FieldError]:
    """What is wrong with a plan; `townships` are the planner's, `villages` the township's."""
    found: list[Reason] = []
    if not 1 <= len(form.title.strip()) <= LONGEST_TITLE:
        found.append(Refusals.TITLE)
    if form.kind not in EventKind.values:
        found.append(Refusals.KIND)
    if form.township not in townships:
        found.append(Refusals.TOWNSHIP)
    elif not set(form.villages) <= set(villages):
        found.append(Refusals.VILLAGE)
    if len(form.place) > LONGEST_PLACE:
        found.append(Refusals.PLACE)
    return [FieldError(one.field, one.code, one.sentence) for one in found]
