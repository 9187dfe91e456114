"""The register of enterprises: found by name or credit code, compared with the licence."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from puhui.desks.county.chrome import DESK
from puhui.desks.county.people import forms
from puhui.desks.county.people.words import day, page, picked
from puhui.desks.shared import gate
from puhui.desks.shared.gate import Request
from puhui.desks.shared.sheets import answered, done, sent
from puhui.desks.shared.spreadsheets import table_response
from puhui.kernel.clock import local_date, moment_text
from puhui.kernel.command import NOT_FOUND, Refused, database_now
from puhui.kernel.money import wan_text
from puhui.market import actions as market
from puhui.parties import actions, queries
from puhui.parties.subject_terms import (
    LETTERS,
    CountySuccession,
    EnterpriseCard,
    EnterpriseKind,
    Industry,
    SizeClass,
    SuccessionDocument,
)

TAB = "county-people-enterprises"
HEADING = (
    *("名称", "统一社会信用代码", "类型", "行业", "国标门类", "规模", "乡镇", "村"),
    *("去年收入（万元）", "人数", "资产（万元）", "法定代表人", "登记日期", "核对日期"),
)


@gate.page(queries.enterprise_register, queries.enterprise_rows, queries.successions_of_county)
def register(request: Request) -> HttpResponse:
    """/county/people/enterprises/: filters in the address; csv and xlsx of the same rows."""
    given: dict[str, Any] = {
        "words": request.GET.get("q", "").strip()[:40],
        "kind": request.GET.get("kind", "")[:24],
        "township": request.GET.get("township", "")[:12],
    }
    now, form = database_now(), request.GET.get("format", "")
    if form in ("csv", "xlsx"):
        rows = [_cells(one) for one in queries.enterprise_rows(request.actor, **given)]
        return table_response(form, f"经营主体 {local_date(now)}", HEADING, rows)
    after = request.GET.get("after", "")[:20]
    found = queries.enterprise_register(request.actor, after=after, limit=50, **given)
    asked = {"q": given["words"], "kind": given["kind"], "township": given["township"]}
    kept = {name: value for name, value in asked.items() if value}
    towns = [(one.code, one.name) for one in queries.townships(request.actor)]
    may_open = queries.successions_of_county.policy.allows(request.actor)  # type: ignore[attr-defined]
    changes = queries.successions_of_county(request.actor) if may_open else []
    context = {
        "rows": [_line(one) for one in found.rows],
        "total": found.total,
        "may_open": may_open,
        "changes": [_change(one, now) for one in changes],
        "kinds": picked(EnterpriseKind.choices, given["kind"], "全部类型"),
        "towns": picked(towns, given["township"], "全部乡镇"),
        "words": given["words"],
        "is_narrowed": bool(kept),
        "next": urlencode({**kept, "after": found.following}) if found.following else "",
        "first": urlencode(kept) if after else "",
        "xlsx": urlencode({**kept, "format": "xlsx"}),
        "csv": urlencode({**kept, "format": "csv"}),
        "now": now,
    }
    return page(request, "county/people/enterprises.html", TAB, context)


@gate.page(actions.check_enterprise, methods=("POST",))
def check(request: Request, ref: str) -> HttpResponse:
    """/county/people/enterprises/<ref>/check"""
    actions.check_enterprise(ref, by=request.actor)
    return redirect(reverse(TAB))


@gate.page(market.open_succession, queries.enterprise_named, methods=("GET", "POST"))
def successor(request: Request, ref: str) -> HttpResponse:
    """/county/people/enterprises/<ref>/successor: the first of two."""
    sheet = DESK.sheet(
        request,
        "换法定代表人",
        "登记，交另一位核对",
        reverse(TAB),
        subject=queries.enterprise_named(request.actor, ref),
        warning="只在原来的法定代表人去世、不能作主，或者执照已经换了人的时候办。"
        "登记后短信告诉原来的手机；另一位同志核对、接任的人自己登录同意以后才换。",
    )

    def act(typed: Mapping[str, Any]) -> None:
        market.open_succession(ref, **typed, by=request.actor)

    said = "登记了，请另一位同志拿着证明核对。"
    return answered(request, sheet, forms.Successor(sent(request)), act, said=said)


@gate.page(market.check_succession, methods=("POST",))
def second(request: Request, ref: str) -> HttpResponse:
    """/county/people/successions/<ref>/: the second of two says yes or no."""
    is_right = request.POST.get("answer") == "yes"
    try:
        market.check_succession(ref, is_right=is_right, by=request.actor)
    except Refused as refused:
        if refused.reason == NOT_FOUND:
            raise
        return done(request, refused.sentence, reverse(TAB))
    said = "核对了，已发短信请他（她）接任。" if is_right else "不换了，没有改动。"
    return done(request, said, reverse(TAB))


def _change(one: CountySuccession, now: datetime) -> dict[str, object]:
    return {
        "one": one,
        "at": moment_text(one.opened_at, now=now),
        "document": str(SuccessionDocument(one.document).label),
    }


def _line(one: EnterpriseCard) -> dict[str, object]:
    return {
        "one": one,
        "kind": str(EnterpriseKind(one.kind).label),
        "industry": f"{Industry(one.industry).label}（{LETTERS[Industry(one.industry)]}）",
        "size": str(SizeClass(one.size).label) if one.size else "没填齐",
        "place": f"{one.township}{one.village}",
        "registered": day(one.registered_at),
        "checked": day(one.checked_at),
    }


def _cells(one: EnterpriseCard) -> list[object]:
    return [
        one.name,
        one.credit_code,
        str(EnterpriseKind(one.kind).label),
        str(Industry(one.industry).label),
        LETTERS[Industry(one.industry)],
        str(SizeClass(one.size).label) if one.size else "",
        one.township,
        one.village,
        _wan(one.revenue_fen),
        "" if one.staff_count is None else one.staff_count,
        _wan(one.assets_fen),
        one.representative_masked,
        day(one.registered_at),
        day(one.checked_at),
    ]


def _wan(fen: int | None) -> str:
    return "" if fen is None else wan_text(fen).removesuffix(" 万").replace(",", "")
