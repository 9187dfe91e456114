"""Finding is authorising: whose inbox an actor has."""

from __future__ import annotations

from django.db.models import Q

from puhui.kernel.actor import Actor, Role


def own_lines(actor: Actor) -> Q:
    """A resident's lines or a member of staff's; nobody else has any."""
    if actor.person is None:
        return Q(pk__in=[])
    return Q(resident=actor.person) if actor.role is Role.RESIDENT else Q(staff=actor.person)
