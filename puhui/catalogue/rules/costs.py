"""What a product costs and how it is repaid: exact schedules from its own terms. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

from puhui.catalogue.terms import (
    FeeBasis,
    Preview,
    PreviewForm,
    ProductCard,
    ProductFee,
)
from puhui.kernel.money import PPM, round_half_up
from puhui.repayment.rates import (
    Flow,
    accrual_rate,
    all_in_rate_ppm,
    compound_rate_ppm,
    dated_rate,
)
from puhui.repayment.schedules import cost_if_used as interest_and_fees
from puhui.repayment.schedules import schedule
from puhui.repayment.season import season_dates, single_payment
from puhui.repayment.terms import DayCount, Fee, Loan, LoanError, LoanReason, Method

MONTHS_OF_YEAR = 12
PERIODIC = frozenset(
    {
        Method.EQUAL_INSTALMENT,
        Method.EQUAL_PRINCIPAL,
        Method.GRACE_THEN_EQUAL_PRINCIPAL,
        Method.INTEREST_ONLY_BULLET,
    }
)


def charged(fees: Sequence[ProductFee], principal_fen: int, months: int) -> tuple[Fee, ...]:
    """Fees in the months in which they fall: what is charged yearly, at the start of every year."""
    found = []
    for fee in fees:
        fen = fee.fen or round_half_up(Fraction(principal_fen * fee.ppm, PPM))
        yearly = fee.basis == FeeBasis.YEARLY
        starts = range(0, months, MONTHS_OF_YEAR) if yearly else (0,)
        found += [Fee(fee.name, _of_year(fen, fee, months - start), start) for start in starts]
    return tuple(one for one in found if one.fen)


def _of_year(fen: int, fee: ProductFee, left: int) -> int:
    """A yearly share counts for the months that are left of it; a sum is charged whole."""
    if fee.basis != FeeBasis.YEARLY or fee.fen or left >= MONTHS_OF_YEAR:
        return fen
    return round_half_up(Fraction(fen * left, MONTHS_OF_YEAR))


def preview(product: ProductCard, form: PreviewForm) -> Preview:
    """The repayment of `form` under the product's terms. Raises LoanError.

    A seasonal product falls due on `due_on`, one of its days; without one, on its last.
    """
    method = Method(form.method)
    if product.due_days and method is Method.SINGLE_PAYMENT:
        return _seasonal(product, form)
    loan = _loan(product, form, method)
    instalments = schedule(loan)
    return Preview(
        principal_fen=form.amount_fen,
        rate_ppm=form.rate_ppm,
        method=form.method,
        start_on=form.start_on,
        end_on=loan.matures_on,
        instalments=instalments,
        interest_fen=sum(one.interest_fen for one in instalments),
        fees=_totals(loan.fees),
        simple_ppm=all_in_rate_ppm(loan),
        compound_ppm=compound_rate_ppm(loan),
    )


def _loan(product: ProductCard, form: PreviewForm, method: Method) -> Loan:
    has_grace = method is Method.GRACE_THEN_EQUAL_PRINCIPAL
    step = product.months_per_period if method in PERIODIC else 1
    grace = product.grace_months or max(step, form.months // 3 // step * step)
    return Loan(
        principal_fen=form.amount_fen,
        rate_ppm=form.rate_ppm,
        months=form.months,
        method=method,
        start_on=form.start_on,
        grace_months=grace if has_grace else 0,
        months_per_period=step,
        fees=charged(product.fees, form.amount_fen, form.months),
    )


def cost_if_used(product: ProductCard, amount_fen: int, months: int, start_on: date) -> int:
    """Interest at the highest rate and fees in fen, if the loan is settled after `months`.

    A shorter time than the product's least is settled early; raises LoanError beyond its longest.
    """
    method = Method(product.methods[0])
    step = product.months_per_period if method in PERIODIC else 1
    whole = product.months_max if product.grace_months else max(months, product.months_min)
    term = min(-(-whole // step) * step, product.months_max)
    form = PreviewForm(amount_fen, term, method, product.rate_max_ppm, start_on)
    return interest_and_fees(_loan(product, form, method), months)


def due_dates(product: ProductCard, start_on: date) -> tuple[date, ...]:
    """The days on which a seasonal loan that starts on `start_on` may fall due."""
    return season_dates(start_on, product.due_days, product.months_min, product.months_max)


def _seasonal(product: ProductCard, form: PreviewForm) -> Preview:
    dates = due_dates(product, form.start_on)
    due_on = form.due_on or (dates[-1] if dates else None)
    if due_on is None or due_on not in dates:
        raise LoanError(LoanReason.SETTLEMENT_DATE)
    paid = single_payment(form.amount_fen, form.rate_ppm, form.start_on, due_on)
    fees = charged(product.fees, form.amount_fen, MONTHS_OF_YEAR)
    received = form.amount_fen - sum(fee.fen for fee in fees)
    span = Fraction(DayCount.ACT_360.days(form.start_on, due_on), DayCount.ACT_360.basis)
    return Preview(
        principal_fen=form.amount_fen,
        rate_ppm=form.rate_ppm,
        method=form.method,
        start_on=form.start_on,
        end_on=due_on,
        instalments=(paid,),
        interest_fen=paid.interest_fen,
        fees=_totals(fees),
        simple_ppm=round_half_up(accrual_rate(received, [Flow(span, paid.payment_fen)]) * PPM),
        compound_ppm=round_half_up(
            dated_rate([(form.start_on, -received), (due_on, paid.payment_fen)]) * PPM
        ),
    )


def _totals(fees: Sequence[Fee]) -> tuple[tuple[str, int], ...]:
    """Every fee once with all that it comes to."""
    found: dict[str, int] = {}
    for fee in fees:
        found[fee.name] = found.get(fee.name, 0) + fee.fen
    return tuple(found.items())
