"""What another system told of a case, and whether it still says so."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from puhui.kernel import journal
from puhui.kernel.actor import Actor, Role, query
from puhui.market.models import PastRecord
from puhui.market.past.writing import batch_hash, case_digest
from puhui.market.queries.views import TimelineEntry

COUNTY = ("county", "1")


def past_events(demand_ref: str) -> list[TimelineEntry]:
    """The events of a case that came from another system, oldest first; none for any other."""
    found = PastRecord.objects.filter(demand__ref=demand_ref).values_list("events", flat=True)
    return [_entry(one) for events in found for one in events]


def _entry(event: Sequence[Any]) -> TimelineEntry:
    at, action, role, by_ref, organisation, bank, facts = event
    return TimelineEntry(
        at=datetime.fromisoformat(at),
        action=action,
        role=role,
        by_ref=by_ref,
        organisation_ref=organisation,
        bank_ref=bank,
        facts=facts,
    )


@query(Role.COUNTY_ADMIN, Role.AUDITOR, Role.SYSTEM)
def past_batches_hold(actor: Actor) -> dict[str, bool]:
    """Of each imported batch, by the reference of its first demand: whether its cases are still the
    ones that the journal's hash was made of, none added and none gone (decision 0011)."""
    digests: dict[str, list[str]] = {}
    rows = PastRecord.objects.order_by("batch", "place").values_list(
        "batch", "source_ref", "demand__amount_fen", "demand__purpose", "events"
    )
    for batch, *kept in rows.iterator(2_000):
        digests.setdefault(batch, []).append(case_digest(*kept))
    told = {
        str(entry.facts["batch"]): str(entry.facts["sha256"])
        for entry in journal.timeline([COUNTY])
        if entry.action == "history_imported"
    }
    return {
        batch: batch_hash(iter(digests.get(batch, ()))) == told.get(batch)
        for batch in {*digests, *told}
    }
