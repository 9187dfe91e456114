"""The two rankings by their definitions; a replay of the events gives the same order (M005)."""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import date, timedelta

import pytest

from puhui.catalogue import actions, queries
from puhui.catalogue.models import ProductView
from puhui.catalogue.terms import ODD_PHONES, Refusals, Seen
from puhui.demo import tables
from puhui.kernel import journal
from puhui.kernel.actor import ANYONE, SYSTEM, Actor, Role
from puhui.kernel.clock import local_date
from puhui.kernel.command import Refused, database_now
from puhui.kernel.crypto import blind_index
from tests import world


@pytest.fixture
def shelf(db: None) -> world.World:
    county = world.build(banks=11)
    actions.put_products(tables.products(), by=SYSTEM)
    return county


def order() -> list[tuple[str, int, int]]:
    return [(p.product.ref, p.phones, p.views) for p in queries.popular_products(ANYONE)]


def test_m005_people_are_counted_as_defined(shelf: world.World) -> None:
    one, two = world.resident(), world.resident()
    assert actions.record_view("P05", by=one) and actions.record_view("P05", by=two)
    assert not actions.record_view("P05", by=one), "once a day"
    assert actions.record_view("P02", by=one)
    assert order() == [("P05", 2, 2), ("P02", 1, 1)]
    helper = world.staff("T01", "孙专员", Role.TOWNSHIP_ADMIN, area=world.TOWNSHIP)
    phone = parties_phone(helper)
    own = Actor(Role.RESIDENT, ref="X", phone_index=blind_index("phone", phone))
    assert not actions.record_view("P05", by=own), (
        "staff never count, not on their own phone either"
    )
    actions.withdraw_product("P02", by=SYSTEM)
    assert order() == [("P05", 2, 2)]
    with pytest.raises(Refused):
        actions.record_view("P02", by=one)


def parties_phone(actor: Actor) -> str:
    from puhui.parties.models import Staff

    return str(Staff.objects.get(ref=actor.ref).phone)


def test_m005_a_crowd_at_one_address_does_not_count(shelf: world.World) -> None:
    crowd = [bytes([n]) * 16 for n in range(ODD_PHONES + 1)]
    for phone in crowd[:-1]:
        actions.record_view("P07", origin="10.0.0.1", by=Actor(Role.RESIDENT, phone_index=phone))
    actions.record_view("P08", origin="10.0.0.2", by=Actor(Role.RESIDENT, phone_index=crowd[0]))
    assert order() == [("P07", ODD_PHONES, ODD_PHONES), ("P08", 1, 1)]
    actions.record_view("P07", origin="10.0.0.1", by=Actor(Role.RESIDENT, phone_index=crowd[-1]))
    assert order() == [("P08", 1, 1)]


def test_m005_events_hold_nobody_and_end(shelf: world.World) -> None:
    applicant = world.resident()
    actions.record_view("P05", origin="10.9.8.7", by=applicant)
    (row,) = ProductView.objects.all()
    assert bytes(row.visitor) != applicant.phone_index and len(bytes(row.visitor)) == 16
    assert b"10.9.8.7" not in bytes(row.origin)
    assert journal.timeline([("product", "P05")]) == [], "no journal says who looked at what"
    old = local_date(database_now()) - timedelta(days=91)
    actions.put_views([Seen("P05", b"x" * 16, old)], by=SYSTEM)
    assert actions.forget_views(by=SYSTEM) == 1 and ProductView.objects.count() == 1


def replayed(events: list[Seen], last: date) -> list[tuple[str, int, int]]:
    """The ranking computed by another program: from the raw events alone."""
    days: dict[str, set[tuple[bytes, date]]] = defaultdict(set)
    for one in events:
        if last - timedelta(days=30) < one.day <= last:
            days[one.ref].add((one.phone_index, one.day))
    names = {one.ref: one.name for one in queries.products(ANYONE)}
    found = [(ref, len({p for p, _ in seen}), len(seen)) for ref, seen in days.items()]
    return sorted(found, key=lambda row: (-row[1], -row[2], names[row[0]]))


def test_m005_a_replay_of_the_events_gives_the_same_order(shelf: world.World) -> None:
    rng, today = random.Random(5), local_date(database_now())
    refs = [one.ref for one in queries.products(ANYONE)]
    events = [
        Seen(
            rng.choice(refs[: rng.randint(1, 25)]),
            bytes([rng.randrange(40)]) * 16,
            today - timedelta(days=rng.randrange(45)),
        )
        for _ in range(1500)
    ]
    actions.put_views(events, by=SYSTEM)
    first = order()
    assert first == replayed(events, today) and len(first) > 20
    ProductView.objects.all().delete()
    rng.shuffle(events)
    actions.put_views(events, by=SYSTEM)
    assert order() == first
    shown = [one.ref for one in queries.featured(ANYONE)]
    assert shown == [ref for ref, _, _ in first[:6]]


def test_the_county_pins_two_products(shelf: world.World) -> None:
    for ref in ("P21", "P08"):
        actions.pin_product(ref, by=shelf.admin)
    assert [one.ref for one in queries.featured(ANYONE)][:3] == ["P21", "P08", "P01"]
    with pytest.raises(Refused) as caught:
        actions.pin_product("P03", by=shelf.supervisor)
    assert caught.value.reason is Refusals.PINS_FULL
    actions.pin_product("P21", is_pinned=False, by=shelf.admin)
    actions.pin_product("P03", by=shelf.admin)
    assert [one.ref for one in queries.featured(ANYONE)][:2] == ["P08", "P03"]
    with pytest.raises(Refused):
        actions.pin_product("P99", is_pinned=False, by=shelf.admin)
