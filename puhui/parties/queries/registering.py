"""Whether what somebody typed of themselves is right, before anybody is registered."""

from __future__ import annotations

from datetime import date

from puhui.kernel.actor import Actor, Role, query
from puhui.kernel.command import FieldError
from puhui.parties.models import Division
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


def _is_home(registration: Registration) -> bool:
    """A village, or a township with the name of the village written beside it."""
    home = Division.objects.filter(code=registration.village_code.strip(), is_active=True).first()
    if home is None:
        return False
    return home.parent_id is not None or bool(registration.village_text.strip())
