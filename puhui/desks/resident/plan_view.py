"""Proposals in a farmer's words. Every sum comes from `repayment`, reckoned from one day.

Money in fen until it becomes words here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from puhui.catalogue.terms import ProductCard
from puhui.desks.resident.words import NB, USED_FOR, iso_day
from puhui.desks.shared.product_words import terms_words
from puhui.kernel.clock import local_date
from puhui.kernel.money import per_ten_thousand_text, rate_text, wan_text, yuan_text
from puhui.market.queries.track_records import TrackRecord
from puhui.market.queries.views import DemandView, EngagementView, ProposalView
from puhui.market.terms import Method as Quoted
from puhui.market.terms import Term
from puhui.market.terms.loans import loan_of_proposal
from puhui.repayment.rates import all_in_rate_ppm
from puhui.repayment.schedules import cost_if_used, interest_if_used, schedule
from puhui.repayment.terms import BeyondTerm, Instalment, Loan, LoanError, Method

A_YEAR = 12
NEVER = 10**18


@dataclass(frozen=True, slots=True)
class Sums:
    """What one proposal costs over the time asked for, and month by month."""

    cost: str
    cost_note: str
    year_cost: str
    month: str
    month_note: str
    repayment: str
    all_in: str
    cost_fen: int
    month_fen: int

    @property
    def cost_bare(self) -> str:
        """For the table, whose foot names the unit."""
        return self.cost.removesuffix(" 元")

    @property
    def month_bare(self) -> str:
        return self.month.removesuffix(" 元")


@dataclass(frozen=True, slots=True)
class PlanRow:
    """One bank's plan as a card and as a line of the small table."""

    number: int
    engagement: EngagementView
    plan: ProposalView
    amount: str
    short_of: str
    per_ten_thousand: str
    rate: str
    fees: str
    answer: str
    sums: Sums
    record: str = ""
    """在别的老乡那儿: empty with too few cases."""
    written: str = ""
    """The product's own terms on the day of the plan; empty where the plan names no product."""
    is_dearer: bool = False
    """The plan asks a higher rate than the product had then."""


def with_records(rows: Sequence[PlanRow], records: Mapping[str, TrackRecord]) -> list[PlanRow]:
    """The rows with how each bank did for other people."""
    found = []
    for row in rows:
        one = records.get(row.engagement.bank_ref)
        parts = []
        if one is not None and one.called_percent is not None:
            parts.append(f"5 分钟内来电 {one.called_percent}%")
        if one is not None and one.kept_percent is not None:
            parts.append(f"说到做到 {one.kept_percent}%")
        found.append(replace(row, record=" · ".join(parts)))
    return found


def basis(demand: DemandView) -> str:
    """10 万元、用半年"""
    return f"{wan_text(demand.amount_fen)}元、{USED_FOR[Term(demand.term)][1]}"


def used_words(demand: DemandView) -> str:
    return USED_FOR[Term(demand.term)][1]


def plan_rows(demand: DemandView) -> list[PlanRow]:
    """Every plan of the demand that can still be kept, or was, as it came in."""
    today = local_date(demand.now)
    found = [
        (one, one.plan)
        for one in demand.engagements
        if one.plan is not None and one.ended_at is None
    ]
    found.sort(key=lambda pair: pair[1].submitted_at)
    return [_row(n, one, plan, demand, today) for n, (one, plan) in enumerate(found, 1)]


def _row(
    number: int, one: EngagementView, plan: ProposalView, demand: DemandView, today: date
) -> PlanRow:
    short = demand.amount_fen - plan.amount_fen
    days = plan.answer_working_days
    return PlanRow(
        number=number,
        engagement=one,
        plan=plan,
        amount=wan_text(plan.amount_fen),
        short_of=f"少 {wan_text(short)}" if short > 0 else "",
        per_ten_thousand=per_ten_thousand_text(plan.rate_ppm),
        rate=rate_text(plan.rate_ppm),
        fees=fees_words(plan),
        answer="" if days is None else f"看过后 {days} 个工作日" if days else "看过当天",
        sums=sums_of(plan, USED_FOR[Term(demand.term)][0], today),
    )


def fees_words(plan: ProposalView) -> str:
    if not plan.fees:
        return "没有"
    each = [f"{name} {yuan_text(fen, drop_zero_fen=True)}" for name, fen in plan.fees]
    return f"{'、'.join(each)}，一次交"


def sums_of(plan: ProposalView, months: int, start_on: date) -> Sums:
    """All sums of one proposal; where it cannot be reckoned, the bank has to say."""
    try:
        loan = loan_of_proposal(plan, start_on)
        return _sums(loan, min(months, loan.months), months)
    except LoanError:
        ask = "请问银行"
        return Sums(ask, "", ask, ask, "", ask, rate_text(plan.rate_ppm), NEVER, NEVER)


def _sums(loan: Loan, used: int, wished: int) -> Sums:
    parts = schedule(loan)
    cost = cost_if_used(loan, used)
    month_fen, note = _month(loan, parts)
    return Sums(
        cost=yuan_text(cost),
        cost_note=_cost_note(loan, used, wished, parts),
        year_cost=_year_cost(loan),
        month=yuan_text(month_fen) if month_fen else "不用还",
        month_note=note,
        repayment=_repayment(loan, parts),
        all_in=_all_in(loan, used),
        cost_fen=cost,
        month_fen=month_fen,
    )


def _cost_note(loan: Loan, used: int, wished: int, parts: Sequence[Instalment]) -> str:
    notes = []
    if used < wished:
        notes.append(f"这个最长用到 {iso_day(loan.matures_on)}")
    if loan.fees_fen:
        interest = yuan_text(interest_if_used(loan, used)).removesuffix(" 元")
        names = "、".join(fee.name for fee in loan.fees)
        notes.append(f"利息 {interest} + {names} {yuan_text(loan.fees_fen).removesuffix(' 元')}")
    if len(parts) > 1 and parts[0].principal_fen:
        notes.append("边用边还，手里的钱越来越少")
    return "；".join(notes)


def _year_cost(loan: Loan) -> str:
    try:
        return yuan_text(cost_if_used(loan, A_YEAR))
    except BeyondTerm as beyond:
        return f"这个产品最长用到 {iso_day(beyond.matures_on)}"


def _all_in(loan: Loan, used: int) -> str:
    full = rate_text(all_in_rate_ppm(loan))
    if not loan.fees_fen or used == loan.months:
        return full
    part = rate_text(all_in_rate_ppm(loan, used))
    return f"用满 {loan.months} 个月 {full}；只用 {used} 个月约 {part}"


def _month(loan: Loan, parts: Sequence[Instalment]) -> tuple[int, str]:
    """What a usual month asks for, and what kind of money it is."""
    first = parts[0].payment_fen
    notes = {
        Method.SINGLE_PAYMENT: (0, "到期一次还"),
        Method.EQUAL_INSTALMENT: (first, ""),
        Method.EQUAL_PRINCIPAL: (first, "以后每月少一点"),
        Method.INTEREST_ONLY_BULLET: (first, "只还利息"),
        Method.QUARTERLY_INTEREST_BULLET: (0, "每季还利息"),
        Method.GRACE_THEN_EQUAL_PRINCIPAL: (first, "头几年只还利息"),
        Method.DAILY_INTEREST: (first, "用多少算多少"),
    }
    return notes[loan.method]


def _repayment(loan: Loan, parts: Sequence[Instalment]) -> str:
    """How it is paid back, with the sums and days."""
    first, last = parts[0], parts[-1]
    start, end = yuan_text(first.payment_fen), yuan_text(last.payment_fen)
    principal = yuan_text(loan.principal_fen, drop_zero_fen=True)
    words: dict[Method, Callable[[], str]] = {
        Method.SINGLE_PAYMENT: lambda: f"中间不用还，{iso_day(last.due_on)} 一次还 {end}",
        Method.EQUAL_INSTALMENT: lambda: f"下月起每月还 {start}，还 {len(parts)} 个月",
        Method.EQUAL_PRINCIPAL: lambda: (
            f"下月还 {start}，以后每月少一点，还 {len(parts)} 个月，最后一月 {end}"
        ),
        Method.INTEREST_ONLY_BULLET: lambda: (
            f"每月还利息 {start}，{iso_day(last.due_on)} 还本 {principal}"
        ),
        Method.QUARTERLY_INTEREST_BULLET: lambda: (
            f"每季还一次利息，{iso_day(last.due_on)} 还本 {principal}"
        ),
        Method.GRACE_THEN_EQUAL_PRINCIPAL: lambda: (
            f"头 {loan.grace_months} 个月只还利息，每月 {start}，以后每月还本，{iso_day(last.due_on)} 还清"
        ),
        Method.DAILY_INTEREST: lambda: (
            f"随用随还，一直用满的话每月利息约 {start}，{iso_day(last.due_on)} 前还清"
        ),
    }
    return words[loan.method]().replace(" 元", f"{NB}元")


def _by_cost(row: PlanRow) -> tuple[int, int]:
    return row.sums.cost_fen, row.number


def _by_month(row: PlanRow) -> tuple[int, int]:
    return row.sums.month_fen, row.number


def _by_days(row: PlanRow) -> tuple[int, int]:
    days = row.plan.answer_working_days
    return (NEVER if days is None else days), row.number


ORDERS: dict[str, Callable[[PlanRow], tuple[int, int]]] = {
    "cost": _by_cost,
    "month": _by_month,
    "days": _by_days,
}


def in_order(rows: Sequence[PlanRow], by: str) -> list[PlanRow]:
    """Sorted as asked; without a wish as they came in."""
    order = ORDERS.get(by)
    return sorted(rows, key=order) if order else list(rows)


@dataclass(frozen=True, slots=True)
class OfferRow:
    """A firm offer; `changes` is what differs from the plan, in words."""

    engagement: EngagementView
    offer: ProposalView
    amount: str
    rate: str
    fees: str
    repayment: str
    cost: str
    changes: tuple[str, ...]
    valid_until: str
    is_acceptable: bool
    written: str = ""
    is_dearer: bool = False


Products = Mapping[tuple[str, str], ProductCard]
"""By engagement and kind: products as they were written when each proposal came."""


def plans_with_products(rows: Sequence[PlanRow], products: Products) -> list[PlanRow]:
    """Plans beside what their products said that day."""
    found = []
    for row in rows:
        card = products.get((row.engagement.ref, "plan"))
        if card is None:
            found.append(row)
            continue
        plan = replace(row.plan, product_name=card.name)
        dearer = plan.rate_ppm > card.rate_max_ppm
        found.append(replace(row, plan=plan, written=terms_words(card), is_dearer=dearer))
    return found


def offers_with_products(rows: Sequence[OfferRow], products: Products) -> list[OfferRow]:
    """Firm offers beside what their products said that day."""
    found = []
    for row in rows:
        card = products.get((row.engagement.ref, "offer"))
        if card is None:
            found.append(row)
            continue
        offer = replace(row.offer, product_name=card.name)
        dearer = offer.rate_ppm > card.rate_max_ppm
        found.append(replace(row, offer=offer, written=terms_words(card), is_dearer=dearer))
    return found


def offer_rows(demand: DemandView) -> list[OfferRow]:
    """Firm offers that can be accepted, or were."""
    months, today = USED_FOR[Term(demand.term)][0], local_date(demand.now)
    return [
        _offer_row(one, one.offer, months, today)
        for one in demand.engagements
        if one.offer is not None and one.state in ("offered", "accepted", "signed", "disbursed")
    ]


def _offer_row(one: EngagementView, offer: ProposalView, months: int, today: date) -> OfferRow:
    sums = sums_of(offer, months, today)
    until = local_date(offer.valid_until) if offer.valid_until else None
    return OfferRow(
        engagement=one,
        offer=offer,
        amount=wan_text(offer.amount_fen),
        rate=rate_text(offer.rate_ppm),
        fees=fees_words(offer),
        repayment=sums.repayment,
        cost=sums.cost,
        changes=changes(one.plan, offer),
        valid_until=f"{until.year} 年 {until.month} 月 {until.day} 日" if until else "",
        is_acceptable=one.state == "offered",
    )


def changes(plan: ProposalView | None, offer: ProposalView) -> tuple[str, ...]:
    """What the firm offer changes against the plan: 少 2 万, 每 1 万元一年多 30 元."""
    if plan is None:
        return ()
    found = []
    if less := plan.amount_fen - offer.amount_fen:
        found.append(f"{'少' if less > 0 else '多'} {wan_text(abs(less))}")
    if more := offer.rate_ppm - plan.rate_ppm:
        cost = per_ten_thousand_text(abs(more))
        found.append(f"每 1 万元一年{'多' if more > 0 else '少'} {cost}")
    if longer := offer.months - plan.months:
        found.append(f"时间{'长' if longer > 0 else '短'} {abs(longer)} 个月")
    if plan.method != offer.method:
        found.append(f"还法改成“{Quoted(offer.method).label}”")
    elif plan.grace_months != offer.grace_months:
        found.append(f"只还利息的时间改成 {offer.grace_months or 0} 个月")
    if plan.fees != offer.fees:
        found.append(f"别的费用改成：{fees_words(offer)}")
    return tuple(found)
