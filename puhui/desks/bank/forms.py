"""What a bank types: every field in the words of the field, every rule beside it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms

from puhui.catalogue import queries as catalogue
from puhui.desks.shared.typed import (
    Chosen,
    Day,
    Fees,
    Moment,
    Percent,
    Pick,
    Typed,
    Wan,
    Whole,
    Words,
)
from puhui.kernel.actor import Actor
from puhui.kernel.clock import day_from
from puhui.market.queries import ProposalView
from puhui.market.terms import (
    OBJECTION_ANSWERS,
    REFUSAL_CODES,
    CallResult,
    Method,
    ProposalForm,
    ReturnForm,
)

OUTCOMES = [(str(one), str(one.label)) for one in OBJECTION_ANSWERS]
RESULTS = [(str(code), label) for code, label in CallResult.choices]
METHODS = [(str(code), label) for code, label in Method.choices]
SCORED = [("", "看过再定"), ("yes", "按信用分定，1 个工作日")]
CODES = [(code, f"{code} {row.bank_words}") for code, row in REFUSAL_CODES.items()]


class Claim(forms.Form):
    """Who will call."""

    def __init__(self, officers: Iterable[tuple[str, str]], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["officer"] = Pick(
            "谁来打电话", officers, required=False, help_text="只列现在值班的人。"
        )


class CallOutcome(forms.Form):
    """The result of a call that was started."""

    result = Pick("打得怎么样", RESULTS, empty="请选一个结果。")
    duration_seconds = Whole(
        "通了多久", 0, 7200, unit="秒", required=False, help_text="没打通就空着。"
    )
    again_at = Moment(
        "什么时候再打", required=False, help_text="没人接、改时间才填；空着是 30 分钟后。"
    )

    def clean_duration_seconds(self) -> int:
        return int(self.cleaned_data.get("duration_seconds") or 0)


class CallAgain(forms.Form):
    again_at = Moment("什么时候再打", empty="请填再打的日期和时间。")

    def __init__(self, now: datetime, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.now = now

    def clean_again_at(self) -> datetime:
        at: datetime = self.cleaned_data["again_at"]
        if at <= self.now:
            raise forms.ValidationError("再打的时间要在现在以后。")
        return at


class Release(forms.Form):
    reason = Words("为什么退回", 200, rows=2, empty="请写一句为什么退回。")


class Pause(forms.Form):
    words = Words(
        "等客户什么",
        200,
        rows=2,
        empty="请写等客户什么。",
        help_text="客户会原样看到。例：等流转合同办下来。",
    )


class Visit(forms.Form):
    visit_at = Moment("什么时候上门", empty="请填约好上门的日期和时间。")


class Nothing(forms.Form):
    """Only to be confirmed."""


class Explanation(forms.Form):
    """Why not, in the table's words, with what the applicant can do instead."""

    code = Pick("原因", CODES, empty="请选一个原因。")
    words = Words(
        "补一句",
        40,
        required=False,
        wide=True,
        help_text="选 R15 必须写；R09、R10 写是哪样材料。群众会看到，不超过 40 字。",
    )
    amount_fen = Wan("降到多少能办", required=False, help_text="只有 R05 才填。")

    def __init__(self, products: Iterable[tuple[str, str]], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["products"] = Chosen(
            "能做的产品",
            products,
            required=False,
            help_text="只有 R02、R11 才选，最多 3 个，别家的也可以；不选就由系统按用途推荐。",
        )


class Refusal(Explanation):
    automated = Pick("怎么审的", [("", "人审的"), ("yes", "电脑自动审的")], required=False)


class ObjectionAnswer(forms.Form):
    outcome = Pick("再看的结果", OUTCOMES, empty="请选一个结果。")
    words = Words(
        "给客户的答复", 300, rows=3, empty="请写给客户的答复。", help_text="客户会原样看到。"
    )


class Payout(forms.Form):
    on = Day("放款日", empty="请填放款日。")

    def clean_on(self) -> str:
        try:
            return day_from(str(self.cleaned_data["on"])).isoformat()
        except ValueError:
            raise forms.ValidationError("放款日要写成 2026-11-27 这样。") from None


def shelf_of_all(actor: Actor) -> list[tuple[str, str]]:
    """Every product on the shelf, with its bank."""
    return [(one.ref, f"{one.bank_name} {one.name}") for one in catalogue.products(actor)]


class Reason(forms.Form):
    words = Words("原因", 300, rows=3, empty="请写明原因。")


class Signing(forms.Form):
    pays_out_on = Day(
        "合同上的放款日", required=False, help_text="今天放款就空着。那天之内要回填。"
    )
    contract_hash = Words(
        "合同文件的校验码", 128, required=False, wide=True, help_text="没有就空着。"
    )


class Disbursement(forms.Form):
    """The four fields of a return."""

    amount_fen = Wan("放了多少", empty="请填放了多少。")
    rate_ppm = Percent("年利率", empty="请填年利率，比如 4.75。")
    paid_out_on = Day("放款日", empty="请填放款日。")
    due_on = Day("到期日", empty="请填到期日。")

    def returned(self) -> ReturnForm:
        typed = self.cleaned_data
        return ReturnForm(
            typed["amount_fen"], typed["rate_ppm"], typed["due_on"], typed["paid_out_on"]
        )


class Plan(forms.Form):
    """What the bank would lend: 金额、利率、费用、还法、作保、跑几趟."""

    product = Pick("产品", [], listed=True, required=False)
    amount_fen = Wan("能用多少", empty="请填能借多少，要大于 0。")
    rate_ppm = Percent("年利率", empty="请填年利率，比如 4.75。")
    months = Whole("用多少个月", 1, 360, unit="个月", empty="请填用多少个月。")
    method = Pick("怎么还", METHODS, listed=True, empty="请选一种还法。")
    grace_months = Whole(
        "头几个月只还利息",
        0,
        359,
        unit="个月",
        required=False,
        help_text="选“前几年只还利息”才填。",
    )
    fees = Fees("别的费用", help_text="一行一样：名称、空格、多少元。没有就空着，以后不能再收。")
    is_scored = Pick("准信怎么定", SCORED, required=False)
    security_words = Words("拿什么作保", 200, wide=True, empty="请写拿什么作保。")
    trips_words = Words(
        "要跑几趟", 200, wide=True, empty="请写要跑几趟，比如“来家 1 趟，去网点 1 趟”。"
    )
    answer_working_days = Whole("看过后几个工作日有准信", 0, 60, unit="个工作日", required=False)
    prepayment_words = Words("提前还", 200, required=False, wide=True)

    def __init__(self, products: Iterable[tuple[str, str]], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["product"].choices = [("", "不限产品"), *products]  # type: ignore[attr-defined]

    def proposal(self, typed: Any) -> ProposalForm:
        names = (
            *("amount_fen", "rate_ppm", "months", "method", "security_words", "trips_words"),
            *("grace_months", "fees", "answer_working_days", "prepayment_words", "product"),
        )
        given = {name: typed[name] for name in names}
        return ProposalForm(**given, is_scored=bool(typed["is_scored"]))


class Offer(Plan):
    """The bank's decision: what differs from the plan is marked and explained."""

    valid_days = Whole(
        "准信保留", 1, 365, unit="天", required=False, help_text="空着按县里的规定。"
    )
    change_reason = Words(
        "为什么和初步方案不一样",
        200,
        rows=2,
        required=False,
        help_text="有一格不一样就要写；群众会看到。",
    )

    def __init__(
        self,
        plan: ProposalView | None,
        products: Iterable[tuple[str, str]],
        *args: Any,
        **options: Any,
    ) -> None:
        self.plan = plan
        super().__init__(products, *args, **{"initial": initial(plan), **options})

    def proposal(self, typed: Any) -> ProposalForm:
        from dataclasses import replace

        plain = super().proposal(typed)
        return replace(plain, change_reason=typed["change_reason"], valid_days=typed["valid_days"])

    def mark_changes(self) -> None:
        """Say beside each field that it differs from what the applicant was told on the phone."""
        if self.plan is None or not self.is_bound:
            return
        for name in ("amount_fen", "rate_ppm", "months", "method", "grace_months", "fees"):
            typed = getattr(self, "cleaned_data", {}).get(name)
            field = self.fields[name]
            if typed is not None and typed != getattr(self.plan, name) and isinstance(field, Typed):
                field.changed = True


def initial(plan: ProposalView | None) -> dict[str, Any]:
    """A plan as the values of a form."""
    if plan is None:
        return {}
    return {
        "product": plan.product_ref,
        "amount_fen": plan.amount_fen,
        "rate_ppm": plan.rate_ppm,
        "months": plan.months,
        "method": plan.method,
        "grace_months": plan.grace_months,
        "is_scored": "yes" if plan.is_scored else "",
        "fees": plan.fees,
        "security_words": plan.security_words,
        "trips_words": plan.trips_words,
        "answer_working_days": plan.answer_working_days,
        "prepayment_words": plan.prepayment_words,
    }
