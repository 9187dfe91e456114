"""Whether what somebody typed of themselves is right, before anybody is registered."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from puhui.kernel.actor import COUNTY, Actor, Role, query
from puhui.kernel.command import FieldError
from puhui.kernel.crypto import blind_index
from puhui.parties.identifiers import IdentifierError, identity_number
from puhui.parties.models import Division, Resident, UnfreezeRequest
from puhui.parties.rules.names import mask_name
from puhui.parties.rules.registration import judged, wrong
from puhui.parties.terms import Refusals, Registration


@query(Role.ANYONE)
def registration_errors(actor: Actor, registration: Registration, on: date) -> list[FieldError]:
    """Every wrong field, as `register_resident` would find it on the day `on`: name, identity_number,
    phone, village (content.md §1.5). Says nothing of who is registered already.
    """
    _person, found = judged(registration, on)
    if not _is_home(registration):
        found.append(wrong(Refusals.VILLAGE_EMPTY))
    return found


@query(Role.SYSTEM)
def is_registered(actor: Actor, typed: str) -> bool:
    """Whether somebody holds this identity number; for an action that is about to register one."""
    try:
        number = identity_number(typed).full
    except IdentifierError:
        return False
    index = blind_index("identity_number", number)
    return Resident.objects.filter(identity_index=index).exists()


@dataclass(frozen=True, slots=True)
class UnfreezeRow:
    """A frozen person whom a first member of staff has seen."""

    id: UUID
    person_masked: str = field(repr=False)
    identity_tail: str = field(repr=False)
    asked_by: str
    asked_at: datetime
    is_own: bool


@query(Role.TOWNSHIP_ADMIN, *COUNTY)
def unfreezes_waiting(actor: Actor) -> list[UnfreezeRow]:
    """Who waits for the second person, the oldest first; a township sees what its own asked."""
    rows = UnfreezeRequest.objects.filter(settled_at__isnull=True)
    if actor.role is Role.TOWNSHIP_ADMIN:
        rows = rows.filter(asked_by__organisation=actor.organisation)
    return [
        UnfreezeRow(
            one.id,
            mask_name(one.resident.name),
            one.resident.identity_number[-4:],
            f"{mask_name(one.asked_by.name)}（工号 {one.asked_by.ref}）",
            one.asked_at,
            one.asked_by_id == actor.person,
        )
        for one in rows.select_related("resident", "asked_by").order_by("asked_at")[:100]
    ]


def _is_home(registration: Registration) -> bool:
    """A village, or a township with the name of the village written beside it."""
    home = Division.objects.filter(code=registration.village_code.strip(), is_active=True).first()
    if home is None:
        return False
    return home.parent_id is not None or bool(registration.village_text.strip())
