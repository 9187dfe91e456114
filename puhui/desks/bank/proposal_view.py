"""What the applicant will see of a plan or an offer: sums computed, never typed."""

from __future__ import annotations

from datetime import date

from puhui.kernel.clock import local_date
from puhui.kernel.money import per_ten_thousand_text, rate_text, rmb_capitals, wan_text, yuan_text
from puhui.market.queries import BankCase, ProposalView
from puhui.market.terms import Method, ProposalForm, loan_of_proposal
from puhui.repayment.rates import all_in_rate_ppm
from puhui.repayment.schedules import cost_if_used, schedule
from puhui.repayment.terms import Loan, LoanError

Lines = list[tuple[str, str]]


def preview(form: ProposalForm, case: BankCase) -> Lines:
    """Line by line as on the applicant's page (content.md §1.7)."""
    return proposal_lines(form, case.amount_fen, local_date(case.now))


def proposal_lines(form: ProposalForm | ProposalView, wanted_fen: int, start_on: date) -> Lines:
    """Label and words of each line; what cannot be computed says why."""
    lines = [
        (
            "能用多少",
            f"{wan_text(form.amount_fen)}元（{rmb_capitals(form.amount_fen)}）{_less(form, wanted_fen)}",
        ),
        (
            "每借 1 万元用一年，利息",
            f"{per_ten_thousand_text(form.rate_ppm)}（年利率 {rate_text(form.rate_ppm)}）",
        ),
        ("别的费用", "；".join(f"{name} {yuan_text(fen)}" for name, fen in form.fees) or "没有"),
        ("怎么还", Method(form.method).label),
    ]
    try:
        lines += _sums(loan_of_proposal(form, start_on))
    except (LoanError, ArithmeticError) as error:
        lines.append(("算不出来", getattr(error, "sentence", "这几格合在一起算不出来。")))
    lines += [("拿什么作保", form.security_words), ("要跑几趟", form.trips_words)]
    if form.prepayment_words:
        lines.append(("提前还", form.prepayment_words))
    if form.answer_working_days is not None:
        lines.append(("多久有准信", f"看过后 {form.answer_working_days} 个工作日"))
    return lines


def _less(form: ProposalForm | ProposalView, wanted_fen: int) -> str:
    if form.amount_fen >= wanted_fen:
        return ""
    return f"，比客户要的少 {wan_text(wanted_fen - form.amount_fen)}"


def _sums(loan: Loan) -> Lines:
    plan = schedule(loan)
    first, last = plan[0], plan[-1]
    cost = cost_if_used(loan, loan.months)
    lines = [("用满一共多花", f"{yuan_text(cost)}（利息加费用）")]
    if len(plan) == 1:
        lines.append(
            ("什么时候还", f"{last.due_on.isoformat()} 一次还 {yuan_text(last.payment_fen)}")
        )
    else:
        ends = f"头一次 {yuan_text(first.payment_fen)}，最后一次 {yuan_text(last.payment_fen)}"
        lines.append(("什么时候还", f"从 {first.due_on.isoformat()} 起还 {len(plan)} 次，{ends}"))
    lines.append(("费用都算上，合一年", rate_text(all_in_rate_ppm(loan))))
    return lines
