"""What is typed into the preview: judged by the product's own bounds, each error with its field."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from urllib.parse import urlencode

from django.http import QueryDict

from puhui.catalogue import queries as catalogue
from puhui.catalogue.terms import Preview, PreviewForm, ProductCard
from puhui.desks.public.product_view import starting
from puhui.kernel.actor import ANYONE
from puhui.kernel.clock import day_from
from puhui.kernel.money import AmountError, parse_percent, parse_wan, rate_text, wan_text
from puhui.repayment.daily import Movement, Segment, Settlement, segments, settlements
from puhui.repayment.terms import LoanError

NAMES = ("amount", "months", "rate", "method", "start", "due")
AT_WILL = "borrow_repay_at_will"
MOVES = 4
LETTERS = 20
YEARS_AHEAD = 2
DEFAULT_DAYS = 45


@dataclass
class Asked:
    """The form: what was typed, what it means, what is wrong."""

    values: dict[str, str]
    due_dates: tuple[date, ...] = ()
    moves: list[dict[str, str]] = field(default_factory=list)
    movements: list[Movement] = field(default_factory=list)
    errors: dict[str, str] = field(default_factory=dict)
    form: PreviewForm | None = None

    @property
    def start_words(self) -> str:
        """The day in words: browsers show its numbers in whatever order they like."""
        if self.form is None:
            return ""
        on = self.form.start_on
        return f"{on.year} 年 {on.month} 月 {on.day} 日"

    @property
    def query(self) -> str:
        return urlencode({name: value for name, value in self.values.items() if value})


@dataclass(frozen=True, slots=True)
class Computed:
    """The preview, and for a line drawn at will what its days cost."""

    preview: Preview | None
    parts: tuple[Segment, ...] = ()
    settled: tuple[Settlement, ...] = ()


def asked_of(query: QueryDict, product: ProductCard, today: date) -> Asked:
    given = {name: query.get(name, "").strip()[:LETTERS] for name in NAMES}
    first = {**starting(product), "method": product.methods[0], "start": str(today)}
    asked = Asked({name: given[name] or first.get(name, "") for name in NAMES})
    start_on = _start(asked, today)
    amount = _amount(asked, product)
    months, rate = _months(asked, product), _rate(asked, product)
    if asked.values["method"] not in product.methods:
        asked.errors["method"] = "请从给出的还法里选。"
    due_on = _due(asked, product, start_on) if start_on else None
    if not asked.errors and start_on is not None:
        asked.form = PreviewForm(amount, months, asked.values["method"], rate, start_on, due_on)
    if asked.values["method"] == AT_WILL and start_on is not None:
        _read_moves(asked, query, amount)
    return asked


def _start(asked: Asked, today: date) -> date | None:
    try:
        found = day_from(asked.values["start"])
    except ValueError:
        asked.errors["start"] = "日子写成 2026-12-01 这样。"
        return None
    if not today.replace(day=1) <= found <= today.replace(year=today.year + YEARS_AHEAD, day=1):
        asked.errors["start"] = f"从哪天用起：本月起，往后 {YEARS_AHEAD} 年以内。"
        return None
    return found


def _amount(asked: Asked, product: ProductCard) -> int:
    low, high = product.amount_min_fen, product.amount_max_fen
    try:
        fen = parse_wan(asked.values["amount"])
    except AmountError as error:
        asked.errors["amount"] = error.sentence
        return low
    if not low <= fen <= high:
        asked.errors["amount"] = f"这个产品 {wan_text(low)}到 {wan_text(high)}元。"
    return fen


def _months(asked: Asked, product: ProductCard) -> int:
    text, low, high = asked.values["months"], product.months_min, product.months_max
    is_whole = text.isascii() and text.isdigit() and len(text) < 4
    if not is_whole or not low <= int(text) <= high:
        asked.errors["months"] = (
            f"这个产品固定用 {low} 个月。" if low == high else f"这个产品 {low} 到 {high} 个月。"
        )
        return low
    return int(text)


def _rate(asked: Asked, product: ProductCard) -> int:
    low, high = product.rate_min_ppm, product.rate_max_ppm
    try:
        ppm = parse_percent(asked.values["rate"])
    except AmountError as error:
        asked.errors["rate"] = error.sentence
        return high
    if not low <= ppm <= high:
        asked.errors["rate"] = f"这个产品的年利率在 {rate_text(low)} 到 {rate_text(high)} 之间。"
    return ppm


def _due(asked: Asked, product: ProductCard, start_on: date) -> date | None:
    """The day a seasonal loan falls due; its months follow from it."""
    if not product.due_days or asked.values["method"] != "interest_with_principal":
        return None
    asked.due_dates = catalogue.due_dates(ANYONE, product.ref, start_on)
    chosen = next((one for one in asked.due_dates if str(one) == asked.values["due"]), None)
    if chosen is None and asked.due_dates:
        chosen = asked.due_dates[-1]
    if chosen is None:
        asked.errors["start"] = "从这天用起，期限里没有到期日，请换一天。"
    asked.values["due"] = str(chosen or "")
    return chosen


def _read_moves(asked: Asked, query: QueryDict, amount: int) -> None:
    """Borrowed and repaid at will: up to four rows of a day, a direction and 万元."""
    for number in range(1, MOVES + 1):
        row = {name: query.get(f"{name}{number}", "").strip()[:LETTERS] for name in ("on", "wan")}
        row |= {"kind": "repay" if query.get(f"kind{number}") == "repay" else "borrow"}
        asked.moves.append(row | {"number": str(number)})
        if not row["on"] and not row["wan"]:
            continue
        try:
            fen = parse_wan(row["wan"])
            asked.movements.append(
                Movement(day_from(row["on"]), -fen if row["kind"] == "repay" else fen)
            )
        except AmountError as error:
            asked.errors["moves"] = f"第 {number} 笔：{error.sentence}"
        except ValueError:
            asked.errors["moves"] = f"第 {number} 笔：日子写成 2026-12-01 这样。"


def computed(product: ProductCard, asked: Asked) -> Computed:
    """What can be computed; what cannot is told beside its field."""
    if asked.form is None:
        return Computed(None)
    try:
        found = catalogue.preview(ANYONE, product.ref, asked.form)
    except LoanError as error:
        asked.errors["months"] = error.sentence
        return Computed(None)
    if not asked.movements or "moves" in asked.errors:
        return Computed(found)
    return _at_will(asked, asked.form, found)


def _at_will(asked: Asked, form: PreviewForm, found: Preview) -> Computed:
    """A line that is still drawn is counted to the end of its term."""
    try:
        parts = segments(asked.movements, until=found.end_on, line_fen=form.amount_fen)
    except LoanError as error:
        asked.errors["moves"] = error.sentence
        return Computed(found)
    return Computed(found, parts, settlements(parts, form.rate_ppm))
