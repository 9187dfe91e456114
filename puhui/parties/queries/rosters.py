"""An organisation's own people and who of them is on duty when."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from puhui.kernel.actor import BANK, Actor, query
from puhui.kernel.prepared import Prepared
from puhui.parties.models import Duty, RosterShift
from puhui.parties.queries.staff import staff_card_of
from puhui.parties.rules.names import mask_name
from puhui.parties.terms import StaffCard


@dataclass(frozen=True, slots=True)
class Turn:
    """One person's turn of duty."""

    staff_ref: str
    name_masked: str = field(repr=False)
    starts_at: datetime
    ends_at: datetime


@query(*BANK)
def roster(actor: Actor, begins: datetime, ends: datetime) -> list[Turn]:
    """Turns of duty of the actor's bank that touch a span, in order of time (content.md K3)."""
    return [
        Turn(row.staff.ref, mask_name(row.staff.name), row.starts_at, row.ends_at)
        for row in _turns(actor.organisation, begins, ends)
    ]


@Prepared
def _turns(organisation: UUID, begins: datetime, ends: datetime) -> QuerySet[RosterShift]:
    rows = RosterShift.objects.filter(
        organisation_id=organisation, starts_at__lt=ends, ends_at__gt=begins
    )
    return rows.select_related("staff").order_by("starts_at", "staff__ref")


@query(*BANK)
def colleagues(actor: Actor) -> list[StaffCard]:
    """Everybody with a duty at the actor's bank that has not ended, each once, by number."""
    return [staff_card_of(duty.staff, duty) for duty in _colleagues(actor.organisation)]


@Prepared
def _colleagues(organisation: UUID) -> QuerySet[Duty]:
    duties = Duty.objects.select_related("staff__organisation", "seconded_from").filter(
        staff__organisation=organisation, staff__is_active=True, ends_at__isnull=True
    )
    return duties.order_by("staff__ref", "role", "id").distinct("staff__ref")
