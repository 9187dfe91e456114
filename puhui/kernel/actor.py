"""Who acts, and the one place that says which duty may do what.

An actor is a person acting in a duty for an organisation. Every action and every query carries one
policy, written at its definition and collected here; a route without a policy stops the program
from starting. Which *rows* an actor may reach is the scoped queryset of each context: another
tenant's row and a missing row are the same 404.
"""

from __future__ import annotations

import enum
import functools
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Concatenate, ParamSpec, TypeVar
from uuid import UUID

P = ParamSpec("P")
R = TypeVar("R")


class Role(enum.StrEnum):
    """Duties, by the field's names (docs/words.md)."""

    ANYONE = "anyone"
    RESIDENT = "resident"
    LOAN_OFFICER = "loan_officer"
    BANK_ADMIN = "bank_admin"
    TOWNSHIP_ADMIN = "township_admin"
    VILLAGE_COMMISSIONER = "village_finance_commissioner"
    COUNTY_SUPERVISOR = "finance_monitoring_centre"
    COUNTY_ADMIN = "county_admin"
    AUDITOR = "auditor"
    SCREEN = "screen"
    """A wall screen that the county issued: counts, no cases, no person."""
    SYSTEM = "system"


BANK = frozenset({Role.LOAN_OFFICER, Role.BANK_ADMIN})
COUNTY = frozenset({Role.COUNTY_SUPERVISOR, Role.COUNTY_ADMIN})
STAFF = BANK | COUNTY | {Role.TOWNSHIP_ADMIN, Role.VILLAGE_COMMISSIONER, Role.AUDITOR}
SIGNED_IN = STAFF | {Role.RESIDENT}


class Via(enum.StrEnum):
    """By which door the actor came in."""

    PAGE = "page"
    REST = "rest"
    SMS = "sms"
    PROGRAM = "program"


@dataclass(frozen=True, slots=True)
class Actor:
    """A person in a duty. `ref` and `organisation_ref` are public references; no name is held."""

    role: Role
    ref: str = ""
    person: UUID | None = None
    organisation: UUID | None = None
    organisation_ref: str = ""
    areas: frozenset[str] = frozenset()
    """Township codes of a township duty, village codes of a village duty."""
    seconded_from: UUID | None = None
    """The bank that a township deputy comes from (domain.md ruling 11)."""
    duty: UUID | None = None
    session: UUID | None = None
    via: Via = Via.PAGE
    phone_index: bytes | None = field(default=None, repr=False)
    """Blind index of the phone that a resident signed in with; the person may not be picked yet."""

    @property
    def is_signed_in(self) -> bool:
        return self.role not in (Role.ANYONE, Role.SYSTEM)

    @property
    def is_bank(self) -> bool:
        return self.role in BANK

    @property
    def is_county(self) -> bool:
        return self.role in COUNTY

    @property
    def scope(self) -> str:
        """Whose idempotency keys these are."""
        return f"{self.organisation_ref or self.role}:{self.ref}"


ANYONE = Actor(Role.ANYONE)
SYSTEM = Actor(Role.SYSTEM, ref="system", via=Via.PROGRAM)


class NotAllowed(Exception):
    """The actor's duty may not do this; the door turns it into sign-in, 401, 403 or 404."""

    def __init__(self, policy: str, signed_in: bool) -> None:
        super().__init__(policy)
        self.policy = policy
        self.signed_in = signed_in


@dataclass(frozen=True, slots=True)
class Policy:
    """Which duties may call one action or query. The system itself may call all."""

    name: str
    roles: frozenset[Role]
    kind: str

    def allows(self, actor: Actor) -> bool:
        return Role.ANYONE in self.roles or actor.role in self.roles or actor.role is Role.SYSTEM

    def require(self, actor: Actor) -> None:
        if not self.allows(actor):
            raise NotAllowed(self.name, actor.is_signed_in)


POLICIES: dict[str, Policy] = {}


def register(function: Callable[..., Any], roles: Iterable[Role], kind: str) -> Policy:
    """Give `function` its one policy, named `<context>.<function>`."""
    name = f"{function.__module__.split('.')[1]}.{function.__name__}"
    if name in POLICIES:
        raise RuntimeError(f"two policies are named {name}")
    policy = Policy(name, frozenset(roles), kind)
    if not policy.roles:
        raise RuntimeError(f"{name} has a policy that admits nobody")
    POLICIES[name] = policy
    return policy


def policy_of(function: Callable[..., Any]) -> Policy:
    """The policy of an action or query; a function without one is a mistake of ours."""
    policy = getattr(function, "policy", None)
    if not isinstance(policy, Policy):
        raise RuntimeError(f"{function.__module__}.{function.__qualname__} has no policy")
    return policy


def query(
    *roles: Role,
) -> Callable[[Callable[Concatenate[Actor, P], R]], Callable[Concatenate[Actor, P], R]]:
    """Declare a question: its first argument is the asker, its policy is checked on each call."""

    def declare(function: Callable[Concatenate[Actor, P], R]) -> Callable[Concatenate[Actor, P], R]:
        policy = register(function, roles, "query")

        @functools.wraps(function)
        def ask(actor: Actor, /, *args: P.args, **kwargs: P.kwargs) -> R:
            policy.require(actor)
            return function(actor, *args, **kwargs)

        ask.policy = policy  # type: ignore[attr-defined]
        return ask

    return declare
