"""The ranking by loans: returned in 90 days, denied by nobody, in three lists by purpose (M005)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from puhui.catalogue import actions as catalogue
from puhui.demo import tables
from puhui.kernel.actor import ANYONE, SYSTEM
from puhui.kernel.command import database_now
from puhui.market import actions
from puhui.market.models import LoanReturn
from puhui.market.queries import product_deals
from tests import world
from tests.desks.bank.cases import Walked, walk


def ranking(**at: object) -> dict[str, list[tuple[str, int]]]:
    found = product_deals(ANYONE, **at)  # type: ignore[arg-type]
    return {group: [(d.product.ref, d.count) for d in deals] for group, deals in found.items()}


@pytest.mark.django_db
def test_m005_deals_are_returned_loans_that_nobody_denied(monkeypatch: pytest.MonkeyPatch) -> None:
    county, plan = world.build(banks=11), world.PLAN
    catalogue.put_products(tables.products(), by=SYSTEM)

    def lend(product: str, purpose: str) -> Walked:
        monkeypatch.setattr(world, "PLAN", replace(plan, product=product))
        return walk(county, "disbursed", purpose=purpose)

    sheep = [lend("P05", "livestock"), lend("P05", "livestock")]
    lend("P14", "livestock"), lend("P14", "shop_trade"), lend("P15", "factory")
    lend("", "crops")
    walk(county, "signed", purpose="livestock")
    expected = {
        "farm": [("P05", 2), ("P14", 1)],
        "firm": [("P15", 1)],
        "shop": [("P14", 1)],
    }
    assert ranking() == expected
    assert ranking(at=database_now() + timedelta(days=91)) == {"farm": [], "firm": [], "shop": []}
    assert ranking(at=database_now() - timedelta(days=1)) == {"farm": [], "firm": [], "shop": []}
    _replay(expected)
    for one in sheep:
        actions.confirm_report(
            one.ref, "money", "no", engagement_ref=one.engagement, by=one.applicant
        )
    assert ranking()["farm"] == [("P14", 1)], "a denial counts at once"
    catalogue.withdraw_product("P14", by=SYSTEM)
    assert ranking() == {"farm": [], "firm": [("P15", 1)], "shop": []}


def _replay(expected: dict[str, list[tuple[str, int]]]) -> None:
    """The same order from the rows themselves, read one by one."""
    counted: dict[tuple[str, str], int] = {}
    for row in LoanReturn.objects.exclude(returned_at=None).exclude(money_word="denied"):
        purpose = row.engagement.demand.purpose
        offer = row.engagement.proposals.get(kind="offer")
        if offer.product is not None:
            group = {"livestock": "farm", "shop_trade": "shop", "factory": "firm"}[purpose]
            counted[group, offer.product.ref] = counted.get((group, offer.product.ref), 0) + 1
    for group, places in expected.items():
        mine = [(ref, n) for (of, ref), n in counted.items() if of == group]
        assert sorted(mine, key=lambda one: -one[1]) == places
