"""The demo's ledger: every number of content.md §4.6 exactly, whatever the dice say."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import UTC, datetime

import pytest

from puhui.demo import build, sizes
from puhui.demo.crowd import Crowd
from puhui.demo.ledger import CLASSES, MEAN_WAN, Ledger, rate_of_month, shares
from puhui.demo.past import past_demands
from puhui.kernel.actor import SYSTEM, Actor, Role
from puhui.kernel.clock import local
from puhui.market import queries
from puhui.market.models import FinancingDemand
from puhui.market.queries import Span
from puhui.oversight import queries as oversight
from puhui.parties.models import PopulationEntry, Resident

COUNTY = Actor(Role.COUNTY_SUPERVISOR, ref="5001")
TO_MARCH_2024 = Span(until=datetime(2024, 3, 31, tzinfo=UTC).date())


def test_m028_the_ledger_adds_up_to_the_fen() -> None:
    ledger = Ledger()
    assert (ledger.demands, ledger.approved, ledger.fates["disbursed"]) == (27_445, 11_394, 11_243)
    assert sum(ledger.loans()) == 413_000_000_000
    assert sum(map(sum, ledger.offers().values())) == 431_000_000_000
    assert round(sum(ledger.loans()) / 11_243 / 10_000_000) == round(36.7 / 10)
    assert sum(ledger.loans()) // 11_243 // 100_000 == 367
    assert all(offer >= loan for offer, loan in zip(ledger.offers()["disbursed"], ledger.loans(), strict=True))  # fmt: skip
    unfunded = {fate: n for fate, n in ledger.fates.items() if fate not in ("disbursed", "unused", "lapsed", "waiting")}  # fmt: skip
    assert sum(unfunded.values()) == 16_051 and len(unfunded) == 7
    assert [ledger.fates[one] for one in ("unused", "lapsed", "waiting")] == [97, 32, 22]
    by_class = defaultdict(list)
    for kind, loan in zip(ledger.classes("disbursed"), ledger.loans(), strict=True):
        by_class[kind].append(loan)
    for kind, loans in by_class.items():
        assert round(sum(loans) / len(loans) / 1_000_000) == MEAN_WAN[kind]
        assert round(100 * len(loans) / 11_243) == CLASSES[kind]
    assert (rate_of_month(2022, 7), rate_of_month(2024, 3)) == (61_800, 46_400)
    assert sum(count for _y, _m, count in ledger.months()) == 27_445


@pytest.mark.parametrize("demands", [1, 7, 274, 2_744])
def test_a_smaller_ledger_has_the_same_shape_and_still_adds_up(demands: int) -> None:
    ledger = Ledger(demands)
    assert sum(ledger.fates.values()) == demands == sum(n for _y, _m, n in ledger.months())
    assert sum(ledger.loans()) == (ledger.disbursed_fen if ledger.loans() else 0)
    assert all(one > 0 for one in ledger.loans())
    assert shares(10, [1, 1, 1]) == [4, 3, 3]


def test_m029_each_month_s_rate_is_weighted_exactly_and_hours_are_as_given() -> None:
    crowd = Crowd(2026, 9_000, 0, 0, 0, ["v"])
    paid, hours, offers = defaultdict(list), Counter[int](), 0
    for case in past_demands(Ledger(3_000), crowd, 9_000, 3_000):
        offers += any(step.what == "offer" for step in case.steps)
        hours[local(case.steps[0].at).hour] += 1
        for step in case.steps:
            if step.what == "pay_out":
                day = step.facts["paid_out_on"]
                paid[day.year, day.month].append((step.facts["amount_fen"], step.facts["rate_ppm"]))
    for (year, month), loans in paid.items():
        weighted = sum(a * r for a, r in loans) / sum(a for a, _r in loans)
        assert abs(weighted - rate_of_month(year, month)) <= 1
    assert offers == Ledger(3_000).approved
    assert sum(hours[one] for one in range(8, 11)) == 960
    assert sum(hours[one] for one in range(14, 18)) == 720


def test_m020_everybody_of_the_crowd_has_a_number_of_their_own() -> None:
    crowd = Crowd(2026, 40_000, 20_000, 15_000, 15_000, ["a", "b", "c"])
    numbers = [one.identity_number for one in crowd.roll()]
    assert len(set(numbers)) == len(numbers) == 90_000
    first = list(crowd.registered(3))
    assert [one.identity_number for one in first] == numbers[:3] == [crowd.identity(n) for n in range(3)]  # fmt: skip


@pytest.mark.slow
@pytest.mark.django_db
def test_p9_a_county_built_in_small_shows_its_own_ledger(monkeypatch: pytest.MonkeyPatch) -> None:
    size = sizes.Size(
        people=5_000,
        eligible=2_400,
        registered=1_500,
        past_demands=500,
    )
    monkeypatch.setitem(sizes.SIZES, "county", size)
    told: list[tuple[int, int]] = []
    build.run("county", lambda done, whole, _what: told.append((done, whole)))
    ledger = Ledger(500)
    assert (PopulationEntry.objects.count(), Resident.objects.count()) == (5_000, 1_500)
    assert told[-1][0] == told[-1][1] and told == sorted(told) and len(told) > 20
    funnel = queries.funnel(COUNTY, TO_MARCH_2024)
    assert (funnel.applied, funnel.approved, funnel.disbursed) == (500, ledger.approved, ledger.fates["disbursed"])  # fmt: skip
    assert (funnel.approved_fen, funnel.disbursed_fen) == (ledger.approved_fen, ledger.disbursed_fen)  # fmt: skip
    gone = queries.whereabouts(COUNTY, TO_MARCH_2024)
    fates = ledger.fates
    assert gone.unapproved == {
        "withdrawn": fates["withdrawn"],
        "phone": fates["phone_refused"],
        "visited": fates["visit_refused"],
        "missing": fates["documents"],
        "unreached": fates["unreached"],
        "open": fates["open"],
        "nobody": fates["expired"],
    }
    assert list(gone.unpaid.values()) == [fates["unused"], fates["lapsed"], fates["waiting"]]
    assert all(queries.past_batches_hold(SYSTEM).values())
    coverage = oversight.coverage(COUNTY)
    assert (coverage.registered, coverage.people) == (1_500, 2_400)
    past = FinancingDemand.objects.filter(past__isnull=False).latest("published_at")
    assert past.published_at is not None and past.published_at < datetime(2024, 4, 1, tzinfo=UTC)
