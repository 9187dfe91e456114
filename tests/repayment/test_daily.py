"""Interest by the day: borrow and repay at will, settlement days, penalties."""

import json
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from puhui.kernel.money import interest_fen
from puhui.repayment.daily import (
    Movement,
    available_fen,
    interest_between,
    interest_on,
    penalty_rate_ppm,
    segments,
    settlements,
)
from puhui.repayment.terms import DayCount, LoanError, LoanReason

CASES = {
    case["id"]: case
    for case in json.loads((Path(__file__).parents[1] / "cases/daily_interest.json").read_text())[
        "cases"
    ]
}
FIRST = date(2026, 3, 5)


def fen(yuan: str) -> int:
    return int(Decimal(yuan) * 100)


def ppm(rate: str) -> int:
    return int(Decimal(rate) * 1_000_000)


def movements_of(given_: dict[str, Any]) -> list[Movement]:
    return [Movement(date.fromisoformat(day), fen(yuan)) for day, yuan in given_["events"]]


def test_m038_interest_of_one_day() -> None:
    given_, expected = CASES["DAY-001"]["input"], CASES["DAY-001"]["expected"]
    for day_count in (DayCount.ACT_360, DayCount.ACT_365):
        found = interest_between(
            fen(given_["principal"]),
            ppm(given_["annual_rate"]),
            FIRST,
            FIRST + timedelta(days=given_["days"]),
            day_count,
        )
        assert found == fen(expected[day_count])


def test_m038_borrow_and_repay_at_will() -> None:
    given_, expected = CASES["DAY-002"]["input"], CASES["DAY-002"]["expected"]
    parts = segments(movements_of(given_), line_fen=fen(given_["line"]))
    shown = [
        [each.from_on.isoformat(), each.until_on.isoformat(), each.days, each.balance_fen]
        for each in parts
    ]
    assert shown == [
        [start, end, days, fen(balance)]
        for start, end, days, balance in expected["segments[from,to,days,balance]"]
    ]
    assert sum(each.day_fen for each in parts) == fen(expected["积数"])
    found = interest_on(parts, ppm(given_["annual_rate"]), DayCount(given_["day_count"]))
    assert found == fen(expected["interest"])


def test_m038_settled_each_month_on_the_twentieth() -> None:
    given_, expected = CASES["DAY-003"]["input"], CASES["DAY-003"]["expected"]
    found = settlements(
        segments(movements_of(given_)),
        ppm(given_["annual_rate"]),
        day_count=DayCount(given_["day_count"]),
        settlement_day=given_["settlement_day"],
    )
    shown = [
        [each.from_on.isoformat(), each.until_on.isoformat(), each.day_fen, each.interest_fen]
        for each in found
    ]
    assert shown == [
        [start, end, fen(day_sum), fen(interest)]
        for start, end, day_sum, interest in expected[
            "settlements[from_incl,to_excl,积数,interest]"
        ]
    ]
    assert sum(each.interest_fen for each in found) == fen(expected["interest_total"])


def test_m038_interest_is_rounded_once_a_period_not_once_a_day() -> None:
    given_, expected = CASES["DAY-004"]["input"], CASES["DAY-004"]["expected"]
    principal, rate, days = fen(given_["principal"]), ppm(given_["annual_rate"]), given_["days"]
    right = interest_between(
        principal, rate, FIRST, FIRST + timedelta(days=days), DayCount(given_["day_count"])
    )
    wrong = interest_fen(principal, rate, 1) * days
    assert right == fen(expected["correct_once"])
    assert wrong == fen(expected["wrong_daily_rounded"])
    assert wrong - right == fen(expected["difference"])


def test_m038_a_leap_day_counts() -> None:
    given_, expected = CASES["DAY-005"]["input"], CASES["DAY-005"]["expected"]
    start, end = date.fromisoformat(given_["from"]), date.fromisoformat(given_["to"])
    for day_count in (DayCount.ACT_360, DayCount.ACT_365):
        assert day_count.days(start, end) == expected["days"]
        found = interest_between(
            fen(given_["principal"]), ppm(given_["annual_rate"]), start, end, day_count
        )
        assert found == fen(expected[day_count])


def test_penalties_never_add_up() -> None:
    given_, expected = CASES["DAY-009"]["input"], CASES["DAY-009"]["expected"]
    principal, rate = fen(given_["principal"]), ppm(given_["annual_rate"])
    for kind in ("overdue", "misuse"):
        for name in (name for name in expected if name.startswith(kind)):
            uplift = int(name.removeprefix(f"{kind}_")) * 10_000
            penalty = penalty_rate_ppm(rate, **{f"{kind}_uplift_ppm": uplift})
            assert interest_fen(principal, penalty, given_["days"]) == fen(expected[name])
    both = penalty_rate_ppm(rate, overdue_uplift_ppm=500_000, misuse_uplift_ppm=1_000_000)
    assert both == penalty_rate_ppm(rate, misuse_uplift_ppm=1_000_000) == 2 * rate
    assert penalty_rate_ppm(rate) == rate


def test_every_case_is_used() -> None:
    assert set(CASES) == {"DAY-001", "DAY-002", "DAY-003", "DAY-004", "DAY-005", "DAY-009"}


def test_m120_repaid_principal_may_be_drawn_again() -> None:
    given_ = CASES["DAY-002"]["input"]
    moves = movements_of(given_)
    free = [available_fen(moves[:count], fen(given_["line"])) for count in range(5)]
    assert free == [fen(yuan) for yuan in ("300000", "200000", "150000", "210000", "300000")]


def test_m120_a_line_still_drawn_is_counted_to_a_day() -> None:
    drawn = [Movement(FIRST, 10_000_000)]
    with pytest.raises(LoanError) as caught:
        segments(drawn)
    assert caught.value.reason is LoanReason.NOT_REPAID
    with pytest.raises(LoanError) as caught:
        segments(drawn, until=FIRST - timedelta(days=1))
    assert caught.value.reason is LoanReason.SETTLEMENT_DATE
    (part,) = segments(drawn, until=FIRST + timedelta(days=10))
    assert (part.days, interest_on([part], 45_000)) == (10, 12_500)


@pytest.mark.parametrize(
    ("moves", "reason"),
    [
        (
            [Movement(FIRST, 100), Movement(FIRST + timedelta(days=1), -101)],
            LoanReason.REPAID_TOO_MUCH,
        ),
        ([Movement(FIRST, 301)], LoanReason.OVER_LINE),
        ([Movement(FIRST, 300), Movement(FIRST + timedelta(days=1), 1)], LoanReason.OVER_LINE),
    ],
)
def test_m120_movements_that_break_the_line_are_refused(
    moves: list[Movement], reason: LoanReason
) -> None:
    with pytest.raises(LoanError) as caught:
        segments(moves, until=FIRST + timedelta(days=30), line_fen=300)
    assert caught.value.reason is reason


def test_m120_a_line_may_be_drawn_to_its_last_fen() -> None:
    (part,) = segments([Movement(FIRST, 300)], until=FIRST + timedelta(days=1), line_fen=300)
    assert part.balance_fen == 300


def test_m120_a_line_unused_for_a_while_costs_nothing_then() -> None:
    moves = [
        Movement(FIRST, 100_000),
        Movement(FIRST + timedelta(days=3), -100_000),
        Movement(FIRST + timedelta(days=100), 200_000),
        Movement(FIRST + timedelta(days=101), -200_000),
    ]
    parts = segments(moves)
    assert [(each.days, each.balance_fen) for each in parts] == [(3, 100_000), (1, 200_000)]
    assert len(settlements(parts, 45_000)) == 2
    assert segments([]) == () and settlements((), 45_000) == ()


@st.composite
def lines(draw: st.DrawFn) -> list[Movement]:
    moves, balance, day = [], 0, draw(st.dates(date(2024, 1, 1), date(2027, 12, 31)))
    for _ in range(draw(st.integers(1, 8))):
        change = draw(st.integers(-balance, 10**8))
        moves.append(Movement(day, change))
        balance += change
        day += timedelta(days=draw(st.integers(0, 120)))
    return [*moves, Movement(day, -balance)]


@settings(deadline=None)
@given(lines(), st.integers(0, 240_000), st.integers(1, 27))
def test_m038_segments_and_settlements_agree_with_a_daily_loop(
    moves: list[Movement], rate: int, settlement_day: int
) -> None:
    first, last = moves[0].on, moves[-1].on
    by_day: dict[date, int] = {}
    day = first
    while day < last:
        by_day[day] = sum(move.fen for move in moves if move.on <= day)
        day += timedelta(days=1)
    parts = segments(moves)
    assert sum(each.day_fen for each in parts) == sum(by_day.values())
    exact = Decimal(sum(by_day.values())) * rate / 360 / 10**6
    assert abs(interest_on(parts, rate) - exact) <= Decimal("0.5")
    settled = settlements(parts, rate, settlement_day=settlement_day)
    for each in settled:
        held = sum(fen for day, fen in by_day.items() if each.from_on <= day < each.until_on)
        assert each.day_fen == held
        assert each.until_on.day == settlement_day + 1 or each is settled[-1]
    assert sum(each.day_fen for each in settled) == sum(by_day.values())
