"""The county's administrator: organisations, staff, keys, imports, working days, limits."""

from __future__ import annotations

from typing import Annotated

from ninja import Form
from ninja.files import UploadedFile

from puhui.access import actions as access
from puhui.access.terms import Refusals as AccessRefusals
from puhui.kernel.calendar import ROW_SENTENCES, ParsedTable
from puhui.kernel.command import NOT_FOUND, FieldError, Invalid
from puhui.market import actions as market
from puhui.parties import actions as parties
from puhui.parties.terms import DutyForm, ImportReport, Refusals
from puhui.rest.frame.doors import Ask, Doors
from puhui.rest.frame.fields import DryRun, Upload
from puhui.rest.schemas.admin import (
    ApiKeyIn,
    ApiKeyOut,
    CalendarOut,
    ImportOut,
    OrganisationIn,
    OrganisationOut,
    RowErrorOut,
    RulesIn,
    RulesOut,
    StaffIn,
    StaffOut,
)
from puhui.rest.schemas.examples import API_KEY, ORGANISATION, RULES, STAFF

admin = Doors.of("admin")
Source = Annotated[str, Form(max_length=200)]
LARGEST_TABLE = 1024 * 1024


@admin.post(
    "/organisations",
    uses=parties.create_organisation,
    status=201,
    refuses=(Refusals.ORGANISATION_TAKEN,),
    example=ORGANISATION,
)
def create_organisation(ask: Ask, body: OrganisationIn) -> OrganisationOut:
    """添加一个单位：银行、乡镇、县、村"""
    made = parties.create_organisation(**body.model_dump(), by=ask.by)
    return OrganisationOut.model_validate(made)


@admin.post(
    "/staff",
    uses=(parties.create_staff, access.create_account),
    status=201,
    refuses=(
        Refusals.ORGANISATION_UNKNOWN,
        Refusals.STAFF_TAKEN,
        AccessRefusals.LOGIN_TAKEN,
        AccessRefusals.DUTY_UNKNOWN,
    ),
    example=STAFF,
)
def create_staff(ask: Ask, body: StaffIn) -> StaffOut:
    """添加一名工作人员和职责；写了 login 就给第一个职责开账号

    一次性密码只在第一次回答里给出，不存。
    """
    duties = [DutyForm(one.role, one.area_code, one.seconded_from) for one in body.duties]
    card = parties.create_staff(
        body.organisation, body.name, body.phone, ref=body.ref, duties=duties, by=ask.by
    )
    if body.login:
        if card.duty is None:
            raise Invalid([FieldError("duties", "missing", "要开账号，先给一个职责。")])
        password = access.create_account(card.ref, card.duty, body.login, by=ask.by)
        ask.secrets["one_time_password"] = password
    return StaffOut(
        ref=card.ref,
        organisation=card.organisation_ref,
        role=card.role,
        login=body.login.strip().lower() or None,
    )


@admin.post(
    "/api-keys",
    uses=access.create_api_key,
    status=201,
    refuses=(NOT_FOUND, AccessRefusals.ONLY_BANKS),
    example=API_KEY,
)
def create_api_key(ask: Ask, body: ApiKeyIn) -> ApiKeyOut:
    """给一家银行开接口密钥；只在第一次回答里给出，不存"""
    made = access.create_api_key(body.organisation, by=ask.by)
    ask.secrets["key"] = made.key
    return ApiKeyOut(ref=made.ref, organisation=body.organisation)


@admin.post("/divisions/import", uses=parties.import_divisions, is_upload=True)
def import_divisions(
    ask: Ask, townships: Upload, villages: Upload, dry_run: DryRun = False
) -> ImportOut:
    """导入乡镇和村两张表（CSV）；有一处错就什么都不写"""
    report = parties.import_divisions(townships.read(), villages.read(), dry_run=dry_run, by=ask.by)
    return _report(report, is_dry_run=dry_run)


@admin.post(
    "/residents/import",
    uses=parties.import_residents,
    is_upload=True,
    refuses=(Refusals.IMPORT_RACED,),
)
def import_residents(ask: Ask, file: Upload, dry_run: DryRun = False) -> ImportOut:
    """导入群众（CSV：姓名、身份证号、手机号、村编码）；有一处错就什么都不写"""
    return _report(
        parties.import_residents(file.read(), dry_run=dry_run, by=ask.by), is_dry_run=dry_run
    )


@admin.post("/history/import", uses=market.import_history, is_upload=True)
def import_history(ask: Ask, file: Upload, dry_run: DryRun = False) -> ImportOut:
    """导入原系统的案卷（JSON Lines，一行一份需求）；有一处错就什么都不写

    格式见 docs/migrating.md。同一个原系统编号、同样的内容再传一次，不会重复。
    """
    return _report(
        market.import_history(file.read(), dry_run=dry_run, by=ask.by), is_dry_run=dry_run
    )


def _report(report: ImportReport, *, is_dry_run: bool) -> ImportOut:
    """A dry run tells what it found; an import with errors has done nothing, and is refused."""
    if report.errors and not is_dry_run:
        raise Invalid(
            [
                FieldError(f"{one.file}.{one.line}.{one.field}", one.code, one.sentence)
                for one in report.errors
            ]
        )
    errors = [
        RowErrorOut(
            file=one.file, line=one.line, field=one.field, code=one.code, detail=one.sentence
        )
        for one in report.errors
    ]
    return ImportOut(
        rows=report.rows,
        created=report.created,
        changed=report.changed,
        is_done=report.is_done,
        error_count=report.error_count,
        errors=errors,
    )


@admin.post("/calendar", uses=market.load_calendar, is_upload=True)
def load_calendar(ask: Ask, file: Upload, source: Source, dry_run: DryRun = False) -> CalendarOut:
    """导入国务院办公厅放假安排（CSV：日期、安排、说明）；整年整年地导入"""
    table = _decoded(file)
    parsed = market.load_calendar(table, source=source, dry_run=dry_run, by=ask.by)
    errors = [
        RowErrorOut(
            file="file",
            line=one.row,
            field="row",
            code=one.reason.lower(),
            detail=ROW_SENTENCES[one.reason],
        )
        for one in parsed.errors
    ]
    if errors and not dry_run:
        raise Invalid(
            [FieldError(f"file.{one.line}", one.code, one.detail) for one in errors[:1000]]
        )
    return _loaded(parsed, errors, is_dry_run=dry_run)


def _decoded(file: UploadedFile) -> str:
    content: bytes = file.read(LARGEST_TABLE + 1)
    try:
        table = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        table = "\x00"
    if len(content) > LARGEST_TABLE or "\x00" in table:
        raise Invalid([FieldError("file", "malformed", "表要是 UTF-8 的 CSV，不超过 1 MB。")])
    return table


def _loaded(parsed: ParsedTable, errors: list[RowErrorOut], *, is_dry_run: bool) -> CalendarOut:
    return CalendarOut(
        years=sorted({one.day.year for one in parsed.days}),
        days=len(parsed.days),
        is_done=not is_dry_run,
        error_count=len(errors),
        errors=errors[:1000],
    )


@admin.post("/clock-rules", uses=market.set_clock_rules, example=RULES)
def set_clock_rules(ask: Ask, body: RulesIn) -> RulesOut:
    """改时限；只管以后，已经走着的表不变"""
    return RulesOut.model_validate(market.set_clock_rules(body.changes(), by=ask.by))
