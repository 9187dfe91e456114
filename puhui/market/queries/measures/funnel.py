"""From asking to money, where the rest went, and what the money cost (M028, M029)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from puhui.kernel.actor import COUNTY, Actor, Role, query
from puhui.market.queries.measures.facts import UNAPPROVED, UNPAID, Span, facts, rows

COUNTERS = (*COUNTY, Role.TOWNSHIP_ADMIN, Role.AUDITOR, Role.SCREEN)
DAYS_OF_YEAR = 360
MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Funnel:
    """Requests, approvals and payouts of a span, each by its own day. Sums in fen."""

    applied: int
    applied_fen: int
    approved: int
    approved_fen: int
    disbursed: int
    disbursed_fen: int

    @property
    def average_fen(self) -> int | None:
        """What one payout is on average, cut to whole fen; None without payouts."""
        return self.disbursed_fen // self.disbursed if self.disbursed else None


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where requests are now. `unapproved` by seven, `unpaid` (approved, no money yet) by three."""

    unapproved: dict[str, int]
    unpaid: dict[str, int]


@dataclass(frozen=True, slots=True)
class MonthRate:
    """Payouts of one month: how many, how much (fen), the rate weighted by amount (ppm, half up)."""

    month: date
    loans: int
    amount_fen: int
    rate_ppm: int
    fen_days: int
    """Σ amount × days from payout to due date; `rated_fen_days` times each contract's rate (ppm)."""
    rated_fen_days: int


@dataclass(frozen=True, slots=True)
class Standing:
    """Everything that is counted over all requests, from one look at them."""

    funnel: Funnel
    whereabouts: Whereabouts
    months: tuple[MonthRate, ...]

    def saving_fen(self, since: date, base_ppm: int) -> int:
        """What borrowers of payouts in months from `since` on pay less than at `base_ppm` (fen, half
        up; M029).

        Σ amount × (base - rate) × days from payout to due date ÷ 360: the contract's whole term, the
        principal repaid at its end; dearer loans count against it.
        """
        later = [one for one in self.months if one.month >= since]
        saved = sum(base_ppm * one.fen_days - one.rated_fen_days for one in later)
        return _half_up(saved, DAYS_OF_YEAR * MILLION)


@query(*COUNTERS)
def funnel(actor: Actor, span: Span | None = None) -> Funnel:
    """Requests by the day they went out, approvals by the day of the first firm offer, payouts by
    the day the bank returned; recomputed from the cases by one statement (M028)."""
    wanted = span or Span()
    source, reach = facts(actor)
    parts, values = [], []
    for name, column, amount in (
        ("applied", "published_at", "amount_fen"),
        ("approved", "approved_at", "approved_fen"),
        ("disbursed", "paid_out_on", "paid_fen"),
    ):
        within, given = wanted.where(column)
        is_in = f"{column} IS NOT NULL AND {within}"
        parts.append(f"count(*) FILTER (WHERE {is_in}) AS {name}")
        parts.append(f"coalesce(sum({amount}) FILTER (WHERE {is_in}), 0)::bigint AS {name}_fen")
        values += [*given, *given]
    (row,) = rows(f"SELECT {', '.join(parts)} FROM ({source}) f", [*values, *reach])
    return Funnel(**row)


@query(*COUNTERS)
def whereabouts(actor: Actor, span: Span | None = None) -> Whereabouts:
    """Where the requests of a span are now, by one statement; every one is counted once.

    The span is about publication for the seven, about the approval for the three (M028).
    """
    wanted = span or Span()
    source, reach = facts(actor)
    asked, given = wanted.where("published_at")
    agreed, more = wanted.where("approved_at")
    found = {
        row["whereabouts"]: row["n"]
        for row in rows(
            f"SELECT whereabouts, count(*) AS n FROM ({source}) f"
            f" WHERE CASE WHEN approved_at IS NULL THEN {asked} ELSE {agreed} END"
            " GROUP BY whereabouts",
            [*reach, *given, *more],
        )
    }
    return _whereabouts(found)


def _whereabouts(counts: Mapping[str, int]) -> Whereabouts:
    return Whereabouts(
        {one: counts.get(one, 0) for one in UNAPPROVED},
        {one: counts.get(one, 0) for one in UNPAID},
    )


STANDING = """
SELECT whereabouts, date_trunc('month', paid_out_on)::date AS month,
       count(*) AS applied, sum(amount_fen)::bigint AS applied_fen, count(approved_at) AS approved,
       coalesce(sum(approved_fen) FILTER (WHERE approved_at IS NOT NULL), 0)::bigint AS approved_fen,
       count(paid_out_on) AS loans, coalesce(sum(paid_fen), 0)::bigint AS paid_fen,
       coalesce(sum(paid_fen::numeric * rate_ppm), 0) AS rated,
       coalesce(sum(paid_fen::numeric * (due_on - paid_out_on)), 0) AS fen_days,
       coalesce(sum(paid_fen::numeric * rate_ppm * (due_on - paid_out_on)), 0) AS rated_fen_days
FROM ({source}) f GROUP BY 1, 2 ORDER BY 2
"""


@query(*COUNTERS)
def standing(actor: Actor) -> Standing:
    """Funnel, whereabouts and the rate of each month's payouts, oldest first, over all requests: one
    statement reads the facts once. A month's rate is Σ amount × rate ÷ Σ amount (M028, M029)."""
    source, reach = facts(actor)
    found = rows(STANDING.format(source=source), reach)

    def whole(name: str) -> int:
        return sum(int(row[name]) for row in found)

    counts: Counter[str] = Counter()
    for row in found:
        counts[row["whereabouts"]] += row["applied"]
    return Standing(
        funnel=Funnel(
            applied=whole("applied"),
            applied_fen=whole("applied_fen"),
            approved=whole("approved"),
            approved_fen=whole("approved_fen"),
            disbursed=whole("loans"),
            disbursed_fen=whole("paid_fen"),
        ),
        whereabouts=_whereabouts(counts),
        months=tuple(
            MonthRate(
                month=row["month"],
                loans=row["loans"],
                amount_fen=row["paid_fen"],
                rate_ppm=_half_up(int(row["rated"]), row["paid_fen"]),
                fen_days=int(row["fen_days"]),
                rated_fen_days=int(row["rated_fen_days"]),
            )
            for row in found
            if row["month"]
        ),
    )


def _half_up(part: int, whole: int) -> int:
    """The quotient, rounded half away from nought."""
    rounded = (2 * abs(part) + whole) // (2 * whole)
    return rounded if part >= 0 else -rounded
