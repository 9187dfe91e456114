"""The indicator page's rows: a figure, its cases, its definition, its denominator, its day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from puhui.desks.county.chrome import DESK
from puhui.desks.shared.watching.filters import address
from puhui.kernel.clock import local, local_date
from puhui.kernel.money import rate_text, wan_text
from puhui.market.queries import DayCounts, Funnel, MonthRate, Whereabouts
from puhui.oversight.terms import DEFINITIONS, FEWEST, Board, Coverage, Prices
from puhui.oversight.terms.words import bar, share_text, sum_text

BAR = 260
CHART, CHART_HIGH = 520, 150


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One figure on the page. `cases` opens the cases it counts; `bar` is a length in px."""

    code: str
    name: str
    value: str
    more: str
    cases: str
    definition: str
    denominator: str
    bar: int = 0


def cases_address(**facts: str) -> str:
    """The list of cases with these filters."""
    return f"{DESK.url('cases')}?{address(facts)}"


def _row(code: str, value: int, cases: str, *, more: str = "", most: int = 0) -> FigureRow:
    one = DEFINITIONS[code]
    return FigureRow(
        code=code,
        name=one.name,
        value=f"{value:,}",
        more=more,
        cases=cases,
        definition=one.counts,
        denominator=one.denominator,
        bar=bar(value, most, BAR),
    )


def today_rows(one: DayCounts) -> list[FigureRow]:
    """Today's calls, the words apart."""
    day = str(one.on)
    span = {"since": day, "until": day}
    rows = [_row("published", one.published, cases_address(**span), most=one.published)]
    for word in ("confirmed", "self_reported", "denied", "late"):
        value = getattr(one, f"callback_{word}")
        rows.append(
            _row(
                f"callback_{word}",
                value,
                cases_address(callback=word, **span),
                more=share_text(value, one.judged),
                most=one.published,
            )
        )
    rows.append(
        _row("waiting_now", one.waiting_now, cases_address(waiting="1"), most=one.published)
    )
    return rows


def funnel_rows(one: Funnel) -> list[FigureRow]:
    """From asking to money."""
    parts = (
        ("applied_total", one.applied, sum_text(one.applied_fen)),
        ("approved_total", one.approved, sum_text(one.approved_fen)),
        ("disbursed_total", one.disbursed, sum_text(one.disbursed_fen)),
    )
    return [
        _row(
            code,
            value,
            cases_address(figure=str(DEFINITIONS[code].figure)),
            more=more,
            most=one.applied,
        )
        for code, value, more in parts
    ]


def average_text(one: Funnel) -> str:
    return f"{wan_text(one.average_fen, places=1)}元" if one.average_fen else "—"


def where_rows(parts: dict[str, int]) -> list[FigureRow]:
    """Where they went, the largest first."""
    most = max(parts.values(), default=0)
    return [
        _row(f"where_{name}", value, cases_address(figure=f"where_{name}"), most=most)
        for name, value in sorted(parts.items(), key=lambda pair: -pair[1])
    ]


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """A township's coverage."""

    name: str
    registered: str
    people: str
    share: str
    as_of: str
    source: str


def coverage_rows(one: Coverage) -> list[PlaceRow]:
    """Coverage by township; without a denominator no share."""
    return [
        PlaceRow(
            name=row.name,
            registered=f"{row.registered:,}",
            people=f"{row.people:,}" if row.people else "没有填",
            share=_people_share(row.registered, row.people or 0),
            as_of=str(row.as_of or "—"),
            source=row.source or "—",
        )
        for row in one.places
    ]


def _people_share(part: int, whole: int) -> str:
    """A share of people: of fewer than twenty none is formed."""
    return share_text(part, whole) if whole >= FEWEST or not whole else f"不足 {FEWEST} 人"


def coverage_words(one: Coverage) -> str:
    """The whole county's share, or why there is none."""
    if one.people is None:
        return "各乡镇的人数没有填全，或不是同一天的，先不算全县的比例。"
    day = local_date(one.counted_at)
    return (
        f"全县登记 {one.registered:,} 人（截至 {day}），占常住适龄人口 {one.people:,} 人"
        f"（截至 {one.as_of}，{one.source}）的 {share_text(one.registered, one.people)}。"
    )


@dataclass(frozen=True, slots=True)
class MonthRow:
    """A month's weighted rate."""

    month: str
    loans: str
    amount: str
    rate: str
    change: str
    cases: str


def month_rows(one: Prices) -> list[MonthRow]:
    """Months, the newest first; under 20 payouts no rate."""
    return [_month(row, one.base) for row in reversed(one.months)]


def _month(row: MonthRate, base: MonthRate | None) -> MonthRow:
    enough = row.loans >= FEWEST
    change = "—"
    if enough and base:
        points = (row.rate_ppm - base.rate_ppm) / 10_000
        change = "基期" if row.month == base.month else f"{points:+.2f} 个百分点"
    return MonthRow(
        month=f"{row.month:%Y-%m}",
        loans=f"{row.loans:,}",
        amount=sum_text(row.amount_fen),
        rate=rate_text(row.rate_ppm) if enough else "不足 20 笔，不显示",
        change=change,
        cases=cases_address(figure="disbursed", **month_span(row.month)),
    )


def month_span(month: date) -> dict[str, str]:
    """The first and the last day of a month, for an address."""
    after = date(month.year + month.month // 12, month.month % 12 + 1, 1)
    return {"since": str(month), "until": str(date.fromordinal(after.toordinal() - 1))}


def chart(one: Prices) -> dict[str, object] | None:
    """Points of the rate's line; the axis begins at zero."""
    months = [row for row in one.months if row.loans >= FEWEST]
    if len(months) < 2:
        return None
    top = max(row.rate_ppm for row in months)
    step = CHART / (len(months) - 1)
    points = [
        (round(place * step, 1), round(CHART_HIGH * (1 - row.rate_ppm / top), 1))
        for place, row in enumerate(months)
    ]
    return {
        "points": " ".join(f"{x},{y}" for x, y in points),
        "first": f"{months[0].month:%Y-%m} {rate_text(months[0].rate_ppm)}",
        "last": f"{months[-1].month:%Y-%m} {rate_text(months[-1].rate_ppm)}",
    }


def saving_words(one: Prices) -> str:
    """What was saved and against what."""
    if one.base is None or one.saved_fen is None:
        return "放款满 20 笔的月份还不到两个，先不算。"
    return (
        f"以 {one.base.month:%Y-%m} 的 {rate_text(one.base.rate_ppm)} 为基期，"
        f"此后放的款按合同期限共少付利息约 {sum_text(one.saved_fen)}。"
    )


def context(one: Board) -> dict[str, object]:
    """Everything on the page."""
    return {
        "today": today_rows(one.today),
        "judged": one.today.judged,
        "funnel": funnel_rows(one.funnel),
        "average": average_text(one.funnel),
        **_where(one.whereabouts),
        "places": coverage_rows(one.coverage),
        "coverage": coverage_words(one.coverage),
        "months": month_rows(one.prices),
        "chart": chart(one.prices),
        "saving": saving_words(one.prices),
        "counted": f"{local(one.as_of):%Y-%m-%d %H:%M}",
        "now": one.as_of,
    }


def _where(one: Whereabouts) -> dict[str, object]:
    def whole(parts: dict[str, int]) -> str:
        return f"{sum(parts.values()):,}"

    return {
        "unapproved": where_rows(one.unapproved),
        "unapproved_total": whole(one.unapproved),
        "unapproved_cases": cases_address(figure="unapproved"),
        "unpaid": where_rows(one.unpaid),
        "unpaid_total": whole(one.unpaid),
        "unpaid_cases": cases_address(figure="unpaid"),
    }


def export_rows(one: Board) -> Sequence[Sequence[str | int]]:
    """The page as a table: figure, value, definition, denominator, day."""
    rows = [
        *today_rows(one.today),
        *funnel_rows(one.funnel),
        *where_rows(one.whereabouts.unapproved),
        *where_rows(one.whereabouts.unpaid),
    ]
    day = f"{local(one.as_of):%Y-%m-%d %H:%M}"
    return [
        (row.name, int(row.value.replace(",", "")), row.more, row.definition, row.denominator, day)
        for row in rows
    ]
