"""Who is reading, as far as the session says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from puhui.desks.shared.gate import Request
from puhui.kernel.actor import Role
from puhui.parties import queries as parties
from puhui.parties.subject_terms import Standing
from puhui.parties.terms import Applicant

FURTHER = "further_person"
"""The answer that says: for somebody of the family who is not registered yet (content.md K9)."""


def known_person(request: Request) -> Applicant | None:
    """The resident of the session; None before anybody on the phone is picked."""
    actor = request.actor
    if actor.role is not Role.RESIDENT or actor.person is None:
        return None
    return parties.applicant(actor)


def person_asking(request: Request, answers: Mapping[str, Any]) -> Applicant | None:
    """The person whom a request is for, unless it is for a further member of the family."""
    return None if answers.get(FURTHER) else known_person(request)


def known_enterprise(request: Request, answers: Mapping[str, Any]) -> Standing | None:
    """The enterprise that the request is for, while the reader may act for it."""
    ref = answers.get("enterprise", "")
    if not ref or person_asking(request, answers) is None:
        return None
    return next((one for one in parties.my_standings(request.actor) if one.ref == ref), None)
