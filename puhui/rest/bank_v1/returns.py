"""What comes back from the bank's own books: signed, paid out, repaid; one by one or a month at once."""

from __future__ import annotations

from typing import Annotated

from ninja import Form

from puhui.kernel.command import FieldError, Invalid, Refused
from puhui.market import actions as market
from puhui.market import queries
from puhui.market.terms import Refusals
from puhui.rest.bank_v1.door import bank, case_act
from puhui.rest.frame.doors import Ask
from puhui.rest.frame.fields import DryRun, Page, Upload, Word
from puhui.rest.schemas.bank.acts import DisbursementIn, PayoutIn, SigningIn
from puhui.rest.schemas.bank.office import MonthReturnOut, ReturnSheetOut, SheetReportOut, month_of
from puhui.rest.schemas.examples import DISBURSEMENT, PAYOUT, SIGNING
from puhui.rest.schemas.work import Ref

NO_HASH = SigningIn()
Month = Annotated[str, Form(max_length=20)]


@case_act(
    "/signing",
    Refusals.RETURN_BAD,
    Refusals.PAYOUT_BAD,
    uses=market.record_signing,
    example=SIGNING,
)
def record_signing(ask: Ask, ref: str, body: SigningIn = NO_HASH) -> Ref:
    """回填：合同已签"""
    market.record_signing(
        ref, contract_hash=body.contract_hash, pays_out_on=body.pays_out_on, by=ask.by
    )
    return Ref(ref=ref)


@case_act(
    "/payout-day", Refusals.PAYOUT_BAD, method="PUT", uses=market.expect_payout, example=PAYOUT
)
def expect_payout(ask: Ask, ref: str, body: PayoutIn) -> Ref:
    """改放款日：放款那天之内要回填"""
    market.expect_payout(ref, body.pays_out_on, by=ask.by)
    return Ref(ref=ref)


@case_act("/disbursement", uses=market.record_disbursement, example=DISBURSEMENT)
def record_disbursement(ask: Ask, ref: str, body: DisbursementIn) -> Ref:
    """回填：已放款（金额、利率、到期日、放款日）"""
    market.record_disbursement(ref, body.form(), by=ask.by)
    return Ref(ref=ref)


@case_act("/settlement", uses=market.settle_loan)
def settle_loan(ask: Ask, ref: str) -> Ref:
    """回填：本息结清，这一单办结"""
    market.settle_loan(ref, by=ask.by)
    return Ref(ref=ref)


@bank.get("/returns", uses=queries.return_template, refuses=(Refusals.MONTH_BAD,))
def list_month_returns(ask: Ask, month: Word) -> Page[MonthReturnOut]:
    """一个月（2026-11）放款的各笔；还没回填的也列着，四格是空的"""
    first = month_of(month)
    if first is None:
        raise Refused(Refusals.MONTH_BAD)
    rows = queries.return_template(ask.by, first).rows
    return Page[MonthReturnOut](items=[MonthReturnOut.of(row) for row in rows])


@bank.get("/returns/sheets", uses=queries.return_sheets)
def list_return_sheets(ask: Ask) -> Page[ReturnSheetOut]:
    """交过的月度对账表，新的在前；differences 是还没对上的"""
    found = queries.return_sheets(ask.by)
    return Page[ReturnSheetOut](items=[ReturnSheetOut.of(one) for one in found])


@bank.post(
    "/returns/sheets", uses=market.import_returns, is_upload=True, refuses=(Refusals.MONTH_BAD,)
)
def import_returns(ask: Ask, file: Upload, month: Month, dry_run: DryRun = False) -> SheetReportOut:
    """按月对账（xlsx 或 CSV：对接单号、放款金额、年利率、放款日、到期日）

    新的记进去，对不上的列出来给县里；有一行错就整张不记。dry_run 只试。
    """
    report = market.import_returns(month, file.read(), is_dry_run=dry_run, by=ask.by)
    if report.errors and not dry_run:
        raise Invalid(
            [
                FieldError(f"file.{one.line}.{one.field}", one.code, one.sentence)
                for one in report.errors
            ]
        )
    return SheetReportOut.of(report)
