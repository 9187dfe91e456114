"""From asking to money: recomputed here by plain steps over the rows, and listed case by case."""

from __future__ import annotations

import sys
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from puhui.kernel.clock import local_date
from puhui.kernel.command import database_now
from puhui.market import queries as market
from puhui.market.models import FinancingDemand, LoanReturn, Proposal
from puhui.market.queries import CaseFilter, Span
from puhui.market.queries.measures import FIGURES
from puhui.oversight import queries
from puhui.oversight.terms import FEWEST
from tests import world
from tests.oversight import endings


def test_m028_every_end_has_its_one_place_and_the_places_add_up(county: world.World) -> None:
    refs = {name: play(county) for name, play in endings.EVERY.items()}
    found = market.whereabouts(county.supervisor)
    assert found.unapproved == {
        "withdrawn": 1,
        "phone": 1,
        "visited": 1,
        "missing": 1,
        "unreached": 1,
        "open": 1,
        "nobody": 1,
    }
    assert found.unpaid == {"approved_unused": 1, "approved_lapsed": 1, "approved_waiting": 1}
    for name, ref in refs.items():
        if name == "paid":
            continue
        listed = market.cases(county.supervisor, CaseFilter(figure=f"where_{name}"))
        assert [one.ref for one in listed.rows] == [ref], name
    funnel = market.funnel(county.supervisor)
    assert funnel.applied == sum(found.unapproved.values()) + sum(found.unpaid.values()) + 1
    assert funnel.applied - funnel.approved == sum(found.unapproved.values())
    assert funnel.approved - funnel.disbursed == sum(found.unpaid.values())
    for actor in (county.supervisor, county.deputy, county.other_deputy):
        whole = market.standing(actor)
        assert whole.funnel == market.funnel(actor)
        assert whole.whereabouts == market.whereabouts(actor)


def _by_hand() -> tuple[int, ...]:
    """The funnel by loops over the rows, nothing of the product's statement in it."""
    asked = [one for one in FinancingDemand.objects.all() if one.published_at]
    offers = {
        one.engagement.demand_id: one.amount_fen
        for one in Proposal.objects.filter(kind="offer").select_related("engagement")
    }
    paid = {
        one.engagement.demand_id: one.amount_fen or 0
        for one in LoanReturn.objects.select_related("engagement")
        if one.returned_at
    }
    return (
        len(asked),
        sum(one.amount_fen for one in asked),
        len(offers),
        sum(offers.values()),
        len(paid),
        sum(paid.values()),
    )


def test_m028_the_funnel_is_recomputed_from_the_cases(county: world.World) -> None:
    for play in endings.EVERY.values():
        play(county)
    endings.paid(county)
    one = market.funnel(county.supervisor)
    assert (
        one.applied,
        one.applied_fen,
        one.approved,
        one.approved_fen,
        one.disbursed,
        one.disbursed_fen,
    ) == _by_hand()
    assert one.disbursed == 2 and one.average_fen == 10_000_000


def test_m028_a_figure_counts_the_cases_that_it_opens(county: world.World) -> None:
    for name in ("paid", "approved_waiting", "withdrawn", "nobody"):
        endings.EVERY[name](county)
    today = local_date(database_now())
    one, where = market.funnel(county.supervisor), market.whereabouts(county.supervisor)
    counts = {
        "applied": one.applied,
        "approved": one.approved,
        "disbursed": one.disbursed,
        "unapproved": sum(where.unapproved.values()),
        "unpaid": sum(where.unpaid.values()),
        **{f"where_{name}": n for name, n in (where.unapproved | where.unpaid).items()},
    }
    for figure in FIGURES:
        listed = market.cases(county.supervisor, CaseFilter(figure=figure)).total
        assert listed == counts[figure], figure
        before = CaseFilter(figure=figure, until=today - timedelta(days=40))
        assert market.cases(county.supervisor, before).total == 0


def test_m028_a_span_takes_each_event_on_its_own_day(county: world.World) -> None:
    ref = endings.paid(county)
    today = local_date(database_now())
    LoanReturn.objects.update(paid_out_on=today - timedelta(days=1))
    FinancingDemand.objects.filter(ref=ref).update(published_at=database_now() - timedelta(days=3))
    one = market.funnel(county.supervisor, Span(today, today))
    assert (one.applied, one.approved, one.disbursed) == (0, 1, 0)
    one = market.funnel(county.supervisor, Span(today - timedelta(days=1), today))
    assert (one.applied, one.approved, one.disbursed) == (0, 1, 1)


def test_m028_a_township_counts_its_own_and_a_competing_deputy_leaves_the_case_out(
    county: world.World,
) -> None:
    endings.paid(county)
    assert market.funnel(county.deputy).applied == 1
    assert market.funnel(county.other_deputy).applied == 0
    rival = world.staff("T01", "张镇长", county.deputy.role, world.TOWNSHIP, seconded="B01")
    assert market.funnel(rival).applied == 0
    assert market.cases(rival, CaseFilter(figure="applied")).total == 0


def test_m028_counting_takes_the_same_statements_however_many_cases(county: world.World) -> None:
    def statements() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            queries.board(county.supervisor)
        return len(asked)

    before = statements()
    for play in endings.EVERY.values():
        play(county)
    assert statements() == before <= 11


def test_m029_the_weighted_rate_and_the_saving_follow_their_formula(county: world.World) -> None:
    today = local_date(database_now()).replace(day=15)
    first = (today.replace(day=1) - timedelta(days=40)).replace(day=10)
    for _ in range(2):
        endings.paid(county)
    for turn, one in enumerate(LoanReturn.objects.order_by("pk")):
        one.amount_fen, one.rate_ppm = (30_000_000, 60_000) if turn else (10_000_000, 40_000)
        one.paid_out_on, one.due_on = first, first + timedelta(days=90)
        one.save()
    endings.paid(county)
    late = LoanReturn.objects.exclude(paid_out_on=first).get()
    late.amount_fen, late.rate_ppm = 20_000_000, 45_000
    late.paid_out_on, late.due_on = today, today + timedelta(days=180)
    late.save()
    whole = market.standing(county.supervisor)
    assert [(one.loans, one.amount_fen, one.rate_ppm) for one in whole.months] == [
        (2, 40_000_000, 55_000),  # (10 × 4% + 30 × 6%) ÷ 40
        (1, 20_000_000, 45_000),
    ]
    # 200,000 yuan × 1 point × 180 ÷ 360 = 1,000 yuan
    assert whole.saving_fen(today.replace(day=1), 55_000) == 100_000
    assert whole.saving_fen(today.replace(day=1), 40_000) == -50_000
    assert queries.prices(county.supervisor).saved_fen is None  # under 20 payouts nothing is said


def test_m029_a_month_speaks_from_its_twentieth_payout_on(
    county: world.World, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert FEWEST == 20
    module = sys.modules["puhui.oversight.queries.indicators"]
    monkeypatch.setattr(module, "FEWEST", 2)
    endings.paid(county)
    assert queries.prices(county.supervisor).base is None
    endings.paid(county)
    found = queries.prices(county.supervisor)
    assert found.base == found.months[0] and found.months[0].loans == 2
