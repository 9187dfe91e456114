"""What is shown once: one-time passwords, binding codes, interface keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse

from puhui.access import actions as access_actions
from puhui.access import queries as access
from puhui.access.terms import Handout
from puhui.desks.county.chrome import DESK
from puhui.desks.county.people import forms
from puhui.desks.county.people.words import page
from puhui.desks.shared import gate
from puhui.desks.shared.gate import Request
from puhui.desks.shared.sheets import Sheet, answered, done, refused_with, sent, shown
from puhui.desks.shared.spreadsheets import table_response
from puhui.kernel.actor import Actor
from puhui.kernel.command import NOT_FOUND, Refused, database_now
from puhui.parties import queries as parties
from puhui.parties.queries.administration import DutyRow, StaffFilter, staff_record, staff_rows

TAB = "county-people-keys"
HANDOUT = ("工号", "姓名", "单位", "登录名", "一次性密码（绑定码）")


def shown_once(
    request: Request, title: str, back: str, facts: Sequence[tuple[str, str]], said: str = ""
) -> HttpResponse:
    """A page, or the dialog, with what can be read only now."""
    more = {"facts": facts, "said_before": said, "seen": back}
    sheet = DESK.sheet(request, title, "", "", before="county/people/once.html", more=more)
    response = shown(request, sheet, forms.Nothing())
    response["Cache-Control"] = "private, no-store"
    return response


def handed_out(request: Request, handed: Sequence[Handout], said: str, back: str) -> HttpResponse:
    """Go on, or where an account was opened show what opens it."""
    if not handed:
        return done(request, said, back)
    facts = [("登录名", handed[0].login), ("一次性密码", handed[0].password)]
    return shown_once(request, "账号开好了", back, facts, said)


def _duty(actor: Actor, ref: str, duty: UUID) -> DutyRow:
    for one in staff_record(actor, ref).duties:
        if one.id == duty:
            return one
    raise Refused(NOT_FOUND)


@gate.page(access_actions.create_account, methods=("GET", "POST"))
def open_account(request: Request, ref: str, duty: UUID) -> HttpResponse:
    """/county/people/staff/<ref>/duties/<duty>/account"""
    held, back = _duty(request.actor, ref, duty), reverse("county-people-member", args=[ref])
    form = forms.Login(sent(request), initial={"login": ref.lower()})
    sheet = DESK.sheet(request, "开账号", "开账号", back, subject=f"工号 {ref}")
    if request.method != "POST" or not form.is_valid():
        return shown(request, sheet, form, status=422 if form.errors else 200)
    login = form.cleaned_data["login"].lower()
    try:
        password = access_actions.create_account(ref, held.id, login, by=request.actor)
    except Refused as refused:
        return refused_with(request, sheet, form, refused)
    return shown_once(request, "账号开好了", back, _facts(login, password, held))


def _facts(login: str, password: str, held: DutyRow) -> list[tuple[str, str]]:
    is_village = held.role == "village_finance_commissioner"
    return [("登录名", login), ("绑定码" if is_village else "一次性密码", password)]


@gate.page(access_actions.reset_account, methods=("GET", "POST"))
def reset_account(request: Request, ref: str, duty: UUID) -> HttpResponse:
    """/county/people/staff/<ref>/duties/<duty>/reset"""
    held, back = _duty(request.actor, ref, duty), reverse("county-people-member", args=[ref])
    account = access.accounts_of(request.actor, [duty]).get(duty)
    if account is None or account.is_closed:
        raise Refused(NOT_FOUND)
    sheet = DESK.sheet(
        request,
        "重置账号",
        "重置",
        back,
        subject=f"工号 {ref} · 登录名 {account.login}",
        warning="密码、动态码、绑定的手机都作废，正登录着的都退出。先打电话认准是本人。",
    )
    if request.method != "POST":
        return shown(request, sheet, forms.Nothing())
    password = access_actions.reset_account(account.login, by=request.actor)
    return shown_once(request, "账号重置好了", back, _facts(account.login, password, held))


@gate.page(access_actions.create_accounts, methods=("GET", "POST"))
def open_many(request: Request) -> HttpResponse:
    """/county/people/staff/accounts: accounts for whoever of a role has none, as a file, once."""
    actor, back = request.actor, reverse("county-people-staff")
    waiting = {one.ref: one for one in _without_account(actor)}
    most = access_actions.MOST_AT_ONCE
    sheet = DESK.sheet(
        request,
        "给没有账号的人开账号",
        f"开 {min(len(waiting), most)} 个，下载名单" if waiting else "",
        back,
        subject=f"在岗、还没有账号的有 {len(waiting)} 人，一次最多开 {most} 个。",
        warning="一次性密码只在这张表里，只给这一回；7 天内要用掉。发给本人后请把表删掉。"
        if waiting
        else "",
    )
    form = forms.Nothing(sent(request))
    if request.method != "POST" or not waiting:
        return shown(request, sheet, form)
    handed = access_actions.create_accounts(list(waiting), by=actor)
    rows = [
        (one.staff_ref, waiting[one.staff_ref].name, waiting[one.staff_ref].organisation, one.login, one.password)
        for one in handed
    ]  # fmt: skip
    return table_response("xlsx", "新开的账号", HANDOUT, rows)


def _without_account(actor: Actor) -> list[Any]:
    rows = staff_rows(actor, StaffFilter())
    duties = {duty.id for one in rows for duty in one.duties}
    have = access.accounts_of(actor, duties)
    return [one for one in rows if one.duties and not any(duty.id in have for duty in one.duties)]


@gate.page(access.api_keys)
def keys(request: Request) -> HttpResponse:
    """/county/people/keys/"""
    names = {one.ref: one.name for one in parties.banks(request.actor)}
    if request.actor.is_bank:
        raise Refused(NOT_FOUND)
    context = {
        "rows": [
            (one, names.get(one.organisation_ref, one.organisation_ref))
            for one in access.api_keys(request.actor)
        ],
        "now": database_now(),
    }
    return page(request, "county/people/keys.html", TAB, context)


@gate.page(access_actions.create_api_key, methods=("GET", "POST"))
def new_key(request: Request) -> HttpResponse:
    """/county/people/keys/new"""
    if request.actor.is_bank:
        raise Refused(NOT_FOUND)
    banks = [(one.ref, one.name) for one in parties.banks(request.actor)]
    asked = {"organisation": request.GET.get("organisation", "")[:16]}
    form = forms.NewKey(banks, sent(request), initial=asked)
    sheet = DESK.sheet(request, "开一把接口密钥", "开密钥", reverse(TAB))
    if request.method != "POST" or not form.is_valid():
        return shown(request, sheet, form, status=422 if form.errors else 200)
    made = access_actions.create_api_key(form.cleaned_data["organisation"], by=request.actor)
    facts = [("密钥编号", made.ref), ("密钥", made.key)]
    return shown_once(request, "密钥开好了", reverse(TAB), facts)


@gate.page(access_actions.revoke_api_key, methods=("GET", "POST"))
def revoke_key(request: Request, ref: str) -> HttpResponse:
    """/county/people/keys/<ref>/revoke"""
    if request.actor.is_bank or ref not in {one.ref for one in access.api_keys(request.actor)}:
        raise Refused(NOT_FOUND)
    sheet: Sheet = DESK.sheet(
        request,
        "停用密钥",
        "停用",
        reverse(TAB),
        subject=ref,
        warning="用这把密钥的程序马上连不上，不能恢复。要接着用，先开一把新的换上。",
    )

    def act(typed: Mapping[str, Any]) -> None:
        access_actions.revoke_api_key(ref, by=request.actor)

    return answered(request, sheet, forms.Nothing(sent(request)), act, said="密钥停用了。")
