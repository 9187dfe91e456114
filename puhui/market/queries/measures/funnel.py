"""From asking to money, where the rest went, and what the money cost (M028, M029)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from puhui.kernel.actor import COUNTY, Actor, Role, query
from puhui.market.queries.measures.facts import UNAPPROVED, UNPAID, Span, facts, rows

COUNTERS = (*COUNTY, Role.TOWNSHIP_ADMIN, Role.AUDITOR, Role.SCREEN)
DAYS_OF_YEAR = 360


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
    return Whereabouts(
        {one: found.get(one, 0) for one in UNAPPROVED}, {one: found.get(one, 0) for one in UNPAID}
    )


@query(*COUNTERS)
def month_rates(actor: Actor) -> list[MonthRate]:
    """The weighted rate of each month's payouts, oldest first: Σ amount × rate ÷ Σ amount (M029)."""
    source, reach = facts(actor)
    found = rows(
        "SELECT date_trunc('month', paid_out_on)::date AS month, count(*) AS loans,"
        " sum(paid_fen)::bigint AS amount_fen,"
        " round(sum(paid_fen::numeric * rate_ppm) / sum(paid_fen))::int AS rate_ppm"
        f" FROM ({source}) f WHERE paid_out_on IS NOT NULL GROUP BY 1 ORDER BY 1",
        reach,
    )
    return [MonthRate(**row) for row in found]


@query(*COUNTERS)
def saving_fen(actor: Actor, since: date, base_ppm: int) -> int:
    """What borrowers of payouts from `since` on pay less than at `base_ppm` (fen, half up; M029).

    Σ amount × (base - rate) × days from payout to due date ÷ 360: the contract's whole term, the
    principal repaid at its end; dearer loans count against it.
    """
    source, reach = facts(actor)
    (row,) = rows(
        "SELECT round(coalesce(sum(paid_fen::numeric * (%s::int - rate_ppm)"
        f" * (due_on - paid_out_on)), 0) / ({DAYS_OF_YEAR} * 1000000))::bigint AS saved"
        f" FROM ({source}) f WHERE paid_out_on >= %s",
        [base_ppm, *reach, since],
    )
    return int(row["saved"])
