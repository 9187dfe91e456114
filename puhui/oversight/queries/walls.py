"""The wall screen: one count of everything, and which devices may show it."""

from __future__ import annotations

from datetime import date, timedelta

from puhui.kernel.actor import COUNTY, Actor, Role, Via, query
from puhui.kernel.clock import local_date
from puhui.kernel.command import Refused
from puhui.kernel.crypto import token_hash
from puhui.market import queries as market
from puhui.market.queries import CallbackCounts, Span
from puhui.oversight.models import Screen
from puhui.oversight.terms import FEWEST, Refusals, ScreenCard, Tile, Wall

BANK_DAYS = 90
HEADLINE_DAYS = (1, 7, 30)
LONGEST_TOKEN = 200


@query(Role.ANYONE)
def screen_actor(actor: Actor, token: str) -> Actor:
    """The screen that a device's token opens. Refuses SCREEN_CLOSED for an unknown or revoked one."""
    found = _live(token)
    if found is None:
        raise Refused(Refusals.SCREEN_CLOSED)
    return Actor(Role.SCREEN, ref=found.ref, via=Via.PAGE)


def screen_topics(token: str) -> set[str] | None:
    """What a screen's page may hear: that something in the county changed, not what; None: nothing."""
    return {"quiet:county"} if _live(token) else None


def _live(token: str) -> Screen | None:
    if not token or len(token) > LONGEST_TOKEN or not token.isascii():
        return None
    return Screen.objects.filter(token_hash=token_hash(token), revoked_at__isnull=True).first()


@query(*COUNTY, Role.AUDITOR, Role.SCREEN)
def wall(actor: Actor, *, moves: int = 7) -> Wall:
    """Everything on the first screen (M032): counts by their definitions, no case, no person.

    A bounded number of statements, whatever the county's size.
    """
    today = market.day_counts(actor)
    day = local_date(today.as_of)
    span = Span(since=day - timedelta(days=BANK_DAYS - 1), until=day)
    now = {one.code: one.applied for one in market.township_measures(actor, Span(since=day))}
    tiles = tuple(
        Tile(one.code, one.name, one.applied, now.get(one.code, 0))
        for one in market.township_measures(actor, Span())
    )
    banks = sorted(market.bank_punctuality(actor, span), key=_punctual)
    calls, call_days = _headline(actor, day)
    return Wall(
        as_of=today.as_of,
        today=today,
        calls=calls,
        call_days=call_days,
        funnel=market.funnel(actor),
        whereabouts=market.whereabouts(actor),
        tiles=tiles,
        banks=tuple(banks),
        bank_days=BANK_DAYS,
        moves=tuple(market.latest_moves(actor, moves)),
    )


def _headline(actor: Actor, day: date) -> tuple[CallbackCounts, int]:
    """Today's calls; while they are too few for a share, those of the last 7 or 30 days."""
    for days in HEADLINE_DAYS:
        calls = market.callback_counts(actor, Span(day - timedelta(days=days - 1), day))
        if calls.judged >= FEWEST:
            break
    return calls, days


def _punctual(one: market.BankMeasures) -> tuple[bool, float, int]:
    """Banks with enough cases first, the most punctual on top."""
    enough = one.judged >= FEWEST
    return (not enough, -(one.punctual / one.judged) if enough else 0.0, -one.taken)


@query(*COUNTY, Role.AUDITOR)
def screens(actor: Actor) -> list[ScreenCard]:
    """All screens, the newest first; never their codes."""
    return [
        ScreenCard(
            ref=row.ref,
            name=row.name,
            created_at=row.created_at,
            opened_at=row.opened_at,
            revoked_at=row.revoked_at,
            waits_until=row.code_expires_at,
        )
        for row in Screen.objects.order_by("-created_at", "-id")
    ]
