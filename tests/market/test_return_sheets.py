"""A month of returns by spreadsheet: compared, recorded by the same actions, differences for the county."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from puhui.kernel.actor import NotAllowed
from puhui.kernel.clock import local_date
from puhui.kernel.command import NOT_FOUND, Refused, database_now
from puhui.kernel.models import UnsealedEntry
from puhui.market import actions, queries
from puhui.market.models import Engagement, LoanReturn, ReturnSheet
from puhui.market.rules.return_sheets import COLUMNS, SheetReport, month_of, next_month
from puhui.market.terms import Refusals
from puhui.sheets.terms import Page
from puhui.sheets.writing import csv_table, workbook
from tests import world
from tests.rest import stages

pytestmark = pytest.mark.django_db
Cells = tuple[object, ...]


@pytest.fixture
def county() -> world.World:
    return world.build(banks=2)


def _today() -> date:
    return local_date(database_now())


def _row(ref: str, **changes: object) -> Cells:
    form = world.returned(_today())
    cells = {
        "engagement": ref,
        "amount_fen": form.amount_fen,
        "rate_ppm": form.rate_ppm,
        "paid_out_on": _today(),
        "due_on": date.fromisoformat(form.due_on),
    }
    return tuple((cells | changes)[column.key] for column in COLUMNS)


def _send(
    county: world.World, *rows: Cells, dry: bool = False, bank: int = 0, month: date | None = None
) -> SheetReport:
    content = workbook(Page("回填", COLUMNS, rows))
    return actions.import_returns(
        f"{month or _today():%Y-%m}", content, is_dry_run=dry, by=county.banks[bank].officer
    )


def _this_month() -> date:
    return _today().replace(day=1)


def _last_month() -> date:
    return (_this_month() - timedelta(days=1)).replace(day=1)


def _journalled(action: str) -> int:
    return UnsealedEntry.objects.filter(body__contains=f'"{action}"').count()


def _state(ref: str) -> str:
    return Engagement.objects.get(ref=ref).state


def test_m028_a_months_sheet_records_what_is_new_by_the_same_actions(county: world.World) -> None:
    accepted = stages.accepted(county)
    tried = _send(county, _row(accepted), dry=True)
    assert (tried.recorded, tried.is_done, _state(accepted)) == (1, False, "accepted")
    done = _send(county, _row(accepted))
    assert (done.recorded, done.differences, _state(accepted)) == (1, (), "disbursed")
    demand = queries.my_demand(county.applicant, Engagement.objects.get(ref=accepted).demand.ref)
    assert demand.state == "funded"
    assert demand.questions[-1].kind == "money"
    again = _send(county, _row(accepted))
    assert (again.recorded, again.matched) == (0, 1)


def test_m028_what_does_not_agree_goes_to_the_county_until_a_later_sheet_does(
    county: world.World,
) -> None:
    paid = stages.disbursed(county)
    other = Engagement.objects.get(
        ref=stages.disbursed(replace(county, applicant=world.resident()))
    )
    done = _send(county, _row(paid, rate_ppm=50_000), _row("999999"))
    assert [one.kind for one in done.differences] == [
        "differing",
        "missing_in_platform",
        "missing_in_sheet",
    ]
    assert done.differences[0].facts == {"rate_ppm": (50_000, 47_500)}
    listed = queries.sheet_differences(county.supervisor)
    assert {one.engagement_ref for one in listed} == {paid, "", other.ref}
    found = queries.county_lists(county.supervisor).mismatches
    assert [one.kind for one in found] == ["sheet", "sheet"]
    actions.settle_difference(listed[1].id, by=county.supervisor)
    with pytest.raises(Refused) as gone:
        actions.settle_difference(listed[1].id, by=county.supervisor)
    assert gone.value.reason == NOT_FOUND
    assert (_journalled("return_sheet.import"), _journalled("return_sheet.settle")) == (1, 1)
    _send(county, _row(paid), _row(other.ref))
    assert queries.sheet_differences(county.supervisor) == ()


def test_one_wrong_row_records_nothing(county: world.World) -> None:
    accepted = stages.accepted(county)
    for wrong, field in (
        ({"rate_ppm": 300_000}, "rate_ppm"),
        ({"due_on": _today()}, "due_on"),
        ({"paid_out_on": next_month(_today().replace(day=1))}, "paid_out_on"),
    ):
        report = _send(county, _row(accepted, **wrong))
        assert field in {one.field for one in report.errors} and not report.is_done
    twice = _send(county, _row(accepted), _row(accepted))
    assert [one.code for one in twice.errors] == ["twice"]
    assert _state(accepted) == "accepted" and not ReturnSheet.objects.exists()


def test_another_banks_case_is_as_unknown_as_none(county: world.World) -> None:
    accepted = stages.accepted(county)
    content = csv_table(COLUMNS, [_row(accepted)])
    month = f"{_today():%Y-%m}"
    report = actions.import_returns(month, content, is_dry_run=False, by=county.banks[1].officer)
    assert [one.kind for one in report.differences] == ["missing_in_platform"]
    assert queries.sheet_differences(county.supervisor)[0].engagement_ref == ""
    with pytest.raises(Refused):
        actions.import_returns("2026-13", content, is_dry_run=True, by=county.bank.officer)


def test_the_template_holds_what_the_bank_owes(county: world.World) -> None:
    paid = stages.disbursed(county)
    accepted = stages.accepted(replace(county, applicant=world.resident()))
    found = queries.return_template(county.bank.officer, _this_month())
    assert found.rows == (_row(paid), (accepted, None, None, None, None))
    assert queries.return_template(county.banks[1].officer, _this_month()).rows == ()
    assert month_of("2026-11") == date(2026, 11, 1) and next_month(date(2026, 12, 1)).year == 2027


def test_m028_a_sheet_speaks_of_its_own_month_and_of_its_own_bank_alone(
    county: world.World,
) -> None:
    paid = stages.disbursed(county)
    LoanReturn.objects.update(paid_out_on=_this_month())
    assert _send(county, month=_last_month()).differences == ()
    for month, day in (
        (_last_month(), _this_month()),
        (_this_month(), _this_month() - timedelta(days=1)),
    ):
        wrong = _send(county, _row(paid, paid_out_on=day), month=month)
        assert "other_month" in {one.code for one in wrong.errors}, day
    assert _send(county, bank=1).differences == ()
    for bank in (0, 1):
        for month in (_last_month(), _this_month()):
            _send(county, _row("999999", paid_out_on=month), bank=bank, month=month)
    strange = [one for one in queries.sheet_differences(county.supervisor) if one.line]
    assert len(strange) == 4, "a sheet ends what an earlier one of its bank and month found"
    assert [one.month for one in queries.return_sheets(county.banks[1].officer)] == [
        _this_month(),
        _last_month(),
        _this_month(),
    ]
    with pytest.raises(Refused) as refused:
        _send(county, month=next_month(_this_month()))
    assert refused.value.reason == Refusals.MONTH_BAD
    for nobody in (county.deputy, county.supervisor, county.applicant):
        with pytest.raises(NotAllowed):
            queries.return_sheets(nobody)
    with pytest.raises(NotAllowed):
        queries.sheet_differences(county.bank.head)
    with pytest.raises(NotAllowed):
        actions.settle_difference(strange[0].id, by=county.bank.head)


def test_m028_each_of_the_four_is_compared(county: world.World) -> None:
    paid = stages.disbursed(county)
    day = _this_month() if _today() != _this_month() else _today()
    other = {"amount_fen": 9_000_000, "rate_ppm": 47_600, "due_on": _today() + timedelta(days=181)}
    for field, value in other.items():
        (found,) = _send(county, _row(paid, **{field: value})).differences
        assert set(found.facts) == {field}
    LoanReturn.objects.update(paid_out_on=_last_month())
    (found,) = _send(county, _row(paid, paid_out_on=day)).differences
    assert set(found.facts) == {"paid_out_on"}
