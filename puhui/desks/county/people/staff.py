"""The people who act for somebody: found, added, corrected, let go; their duties and accounts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpResponse, QueryDict
from django.urls import reverse

from puhui.access import actions as access_actions
from puhui.access import queries as access
from puhui.desks.county.chrome import DESK
from puhui.desks.county.people import forms, secrets
from puhui.desks.county.people.organisations import banks, towns
from puhui.desks.county.people.words import ROLES, day, history, may_edit, page, picked
from puhui.desks.shared import gate
from puhui.desks.shared.gate import Request
from puhui.desks.shared.searching import asked_of, is_reference, linked
from puhui.desks.shared.sheets import answered, refused_with, sent, shown
from puhui.desks.shared.spreadsheets import table_response
from puhui.desks.shared.watching.filters import changed
from puhui.kernel.actor import Actor, Role
from puhui.kernel.clock import local_date
from puhui.kernel.command import NOT_FOUND, FieldError, Invalid, Refused, database_now
from puhui.market import actions as market
from puhui.parties import actions
from puhui.parties import queries as parties
from puhui.parties.queries.administration import (
    StaffFilter,
    StaffRow,
    organisation_rows,
    staff_record,
    staff_rows,
)
from puhui.parties.terms import DutyForm

TAB = "county-people-staff"
PAGE = 50
HEADING = ("工号", "姓名", "单位", "职责", "管哪里", "来自银行", "状态")
STATES = (("on", "在岗"), ("off", "离岗"), ("all", "都看"))
SORTS = (("ref", "按工号"), ("name", "按姓名"), ("organisation", "按单位"))


def address(ref: str) -> str:
    return reverse("county-people-member", args=[ref])


@gate.page(staff_rows, methods=("GET", "POST"))
def staff(request: Request) -> HttpResponse:
    """/county/people/staff/: narrowed, sorted, paged by the address; a name is posted, never there."""
    typed = request.POST if request.method == "POST" else request.GET
    words = typed.get("q", "").strip()[:40]
    is_name = bool(words) and not is_reference(words)
    query = asked_of(typed, "q") if is_name else asked_of(typed)
    if request.method == "POST" and not is_name:
        return linked(request.path, query)
    named = words if request.method == "POST" else ""
    wanted, actor, now = _wanted(query, named), request.actor, database_now()
    rows = staff_rows(actor, wanted)
    form = query.get("format", "")
    if form in ("csv", "xlsx"):
        body = [_cells(one, actor) for one in rows]
        return table_response(form, f"人员 {local_date(now)}", HEADING, body)
    begin = 0 if named else PAGE * (_page(query) - 1)
    organisations = [(one.ref, one.name) for one in organisation_rows(actor) if one.is_active]
    is_more = begin + PAGE < len(rows)
    context = {
        "rows": [_line(one, actor) for one in rows[begin : begin + PAGE]],
        "total": len(rows),
        "wanted": wanted,
        "named": named,
        "is_cut": bool(named) and is_more,
        "is_narrowed": wanted != StaffFilter(sort=wanted.sort),
        "roles": picked(
            ((str(role), words) for role, words in ROLES.items()), wanted.role, "全部职责"
        ),
        "organisations": picked(organisations, wanted.organisation, "全部单位"),
        "towns": picked(towns(actor), wanted.township, "全部乡镇"),
        "states": [(key, words, key == wanted.state) for key, words in STATES],
        "sorts": [(key, words, key == wanted.sort) for key, words in SORTS],
        "before": changed(query, page=str(begin // PAGE)) if begin else "",
        "after": changed(query, page=str(begin // PAGE + 2)) if is_more and not named else "",
        "csv_address": changed(query, page="", format="csv"),
        "xlsx_address": changed(query, page="", format="xlsx"),
        "now": now,
    }
    return page(request, "county/people/staff.html", TAB, context)


def _wanted(asked: QueryDict, named: str) -> StaffFilter:
    state, sort = asked.get("state", "on"), asked.get("sort", "ref")
    return StaffFilter(
        words=named or asked.get("q", "").strip()[:40],
        role=asked.get("role", "")[:40],
        organisation=asked.get("organisation", "")[:16],
        township=asked.get("township", "")[:12],
        state=state if state in dict(STATES) else "on",
        sort=sort if sort in dict(SORTS) else "ref",
    )


def _page(asked: QueryDict) -> int:
    typed = asked.get("page", "1")
    return max(1, int(typed)) if typed.isascii() and typed.isdigit() and len(typed) < 6 else 1


def _name(one: StaffRow, actor: Actor) -> str:
    return one.name if may_edit(actor) else one.name_masked


def _line(one: StaffRow, actor: Actor) -> dict[str, Any]:
    return {
        "one": one,
        "name": _name(one, actor),
        "address": address(one.ref),
        "duties": [
            f"{ROLES.get(Role(duty.role), duty.role)}{' · ' + duty.area if duty.area else ''}"
            for duty in one.duties
        ],
        "left": day(one.left_at),
    }


def _cells(one: StaffRow, actor: Actor) -> list[object]:
    return [
        one.ref,
        _name(one, actor),
        one.organisation,
        "、".join(ROLES.get(Role(duty.role), duty.role) for duty in one.duties),
        "、".join(duty.area for duty in one.duties if duty.area),
        "、".join(duty.seconded_from for duty in one.duties if duty.seconded_from),
        "在岗" if one.is_active else f"{day(one.left_at)} 离岗",
    ]


@gate.page(staff_record)
def member(request: Request, ref: str) -> HttpResponse:
    """/county/people/staff/<ref>/"""
    actor, now = request.actor, database_now()
    one = staff_record(actor, ref)
    accounts = (
        access.accounts_of(actor, [duty.id for duty in one.duties]) if may_edit(actor) else {}
    )
    context = {
        "one": one,
        "name": _name(one, actor),
        "left": day(one.left_at),
        "duties": [
            {
                "one": duty,
                "role": ROLES.get(Role(duty.role), duty.role),
                "since": day(duty.starts_at),
                "until": day(duty.ends_at),
                "account": accounts.get(duty.id),
                "is_village": duty.role == Role.VILLAGE_COMMISSIONER,
            }
            for duty in one.duties
        ],
        "history": history(actor, "staff", ref, now),
        "now": now,
    }
    return page(request, "county/people/member.html", TAB, context)


@gate.page(actions.create_staff, methods=("GET", "POST"))
def new(request: Request) -> HttpResponse:
    """/county/people/staff/new: a person with the first duty; the account's password shown once."""
    actor = request.actor
    organisations = [(one.ref, one.name) for one in organisation_rows(actor) if one.is_active]
    asked = {
        name: request.GET.get(name, "")[:40]
        for name in ("organisation", "township", "village", "role")
    }
    form = forms.NewPerson(organisations, towns(actor), banks(actor), sent(request), initial=asked)
    sheet = DESK.sheet(request, "添一个人", "添上", reverse(TAB))
    if request.method != "POST" or not form.is_valid():
        return shown(request, sheet, form, status=422 if form.errors else 200)
    typed = form.cleaned_data
    try:
        duty = _duty(actor, typed)
        card = actions.create_staff(
            typed["organisation"], typed["name"], typed["phone"],
            ref=typed["ref"], duties=[duty], by=actor,
        )  # fmt: skip
    except Refused as refused:
        return refused_with(request, sheet, form, refused)
    handed = access_actions.create_accounts([card.ref], by=actor) if typed["has_account"] else []
    return secrets.handed_out(request, handed, f"添好了，工号 {card.ref}。", address(card.ref))


def _duty(actor: Actor, typed: Mapping[str, Any]) -> DutyForm:
    """The duty that was typed, its place found; refuses (Invalid) township, village."""
    role, township = typed["role"], typed["township"]
    if role == Role.VILLAGE_COMMISSIONER:
        return DutyForm(role, _village(actor, township, typed["village"]))
    if role == Role.TOWNSHIP_ADMIN:
        if not township:
            raise Invalid([FieldError("township", "township_needed", "这个职责要选乡镇。")])
        return DutyForm(role, township, typed["seconded_from"])
    return DutyForm(role, seconded_from_ref=typed["seconded_from"])


def _village(actor: Actor, township: str, words: str) -> str:
    """The code of a village named by code or name within its township."""
    above, _, name = words.replace("／", "/").rpartition("/")
    places = parties.villages(actor, township or words[:9])
    codes = {one.code: one for one in places}
    found = [
        one
        for one in places
        if words == one.code
        or (
            name in (one.name, one.short_name)
            and (
                not above
                or above in (codes[one.parent_code].short_name if one.parent_code in codes else "")
            )
        )
    ]
    found = [one for one in found if one.kind == "village"] or found
    if len(found) == 1:
        return found[0].code
    sentence = (
        "这个乡镇有不止一个村叫这个名，请填编码。" if found else "这个乡镇没有这个村，请再看一遍。"
    )
    raise Invalid([FieldError("village", "village_unknown", sentence)])


@gate.page(actions.change_staff, methods=("GET", "POST"))
def change(request: Request, ref: str) -> HttpResponse:
    """/county/people/staff/<ref>/change"""
    one = staff_record(request.actor, ref)
    form = forms.Person(sent(request), initial={"name": one.name, "phone": one.phone})
    sheet = DESK.sheet(request, "改姓名、手机号", "改好了", address(ref), subject=f"工号 {ref}")

    def act(typed: Mapping[str, Any]) -> None:
        actions.change_staff(ref, typed["name"], typed["phone"], by=request.actor)

    return answered(request, sheet, form, act, said="改好了。")


@gate.page(market.let_staff_go, methods=("GET", "POST"))
def leave(request: Request, ref: str) -> HttpResponse:
    """/county/people/staff/<ref>/leave"""
    one = staff_record(request.actor, ref)
    sheet = DESK.sheet(
        request,
        "办离岗",
        "离岗",
        address(ref),
        subject=f"{one.name} · {one.organisation}",
        warning="职责、账号、登录马上停，后面的班撤掉；手里的单子交给本行管理员，跟进的交给下一位。离岗不能撤回，回来要重新添。",
    )

    def act(typed: Mapping[str, Any]) -> None:
        market.let_staff_go(ref, by=request.actor)

    return answered(
        request, sheet, forms.Nothing(sent(request)), act, said="离岗办好了，账号已停。"
    )


@gate.page(actions.give_duty, methods=("GET", "POST"))
def give_duty(request: Request, ref: str) -> HttpResponse:
    """/county/people/staff/<ref>/duties/new"""
    actor = request.actor
    one = staff_record(actor, ref)
    form = forms.Duty(towns(actor), banks(actor), sent(request))
    sheet = DESK.sheet(
        request, "添一个职责", "添上", address(ref), subject=f"{one.name} · {one.organisation}"
    )

    def act(typed: Mapping[str, Any]) -> None:
        duty = _duty(actor, typed)
        actions.give_duty(
            ref,
            duty.role,
            area_code=duty.area_code,
            seconded_from_ref=duty.seconded_from_ref,
            by=actor,
        )

    return answered(request, sheet, form, act, said="职责添好了，马上有效。")


def _held(actor: Actor, ref: str, duty: UUID) -> StaffRow:
    """The member of staff whose duty it is; refuses NOT_FOUND."""
    one = staff_record(actor, ref)
    if duty not in {held.id for held in one.duties}:
        raise Refused(NOT_FOUND)
    return one


@gate.page(market.retire_duty, methods=("GET", "POST"))
def end_duty(request: Request, ref: str, duty: UUID) -> HttpResponse:
    """/county/people/staff/<ref>/duties/<duty>/end"""
    one = _held(request.actor, ref, duty)
    sheet = DESK.sheet(
        request,
        "结束这个职责",
        "结束",
        address(ref),
        subject=one.name,
        warning="这个职责的账号马上停。人还在岗；要全停，请办离岗。",
    )

    def act(typed: Mapping[str, Any]) -> None:
        market.retire_duty(duty, by=request.actor)

    return answered(request, sheet, forms.Nothing(sent(request)), act, said="这个职责结束了。")
