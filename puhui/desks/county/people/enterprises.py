"""The register of enterprises: found by name or credit code, compared with the licence."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from puhui.desks.county.people.words import day, page, picked
from puhui.desks.shared import gate
from puhui.desks.shared.gate import Request
from puhui.desks.shared.spreadsheets import table_response
from puhui.kernel.clock import local_date
from puhui.kernel.command import database_now
from puhui.kernel.money import wan_text
from puhui.parties import actions, queries
from puhui.parties.subject_terms import (
    LETTERS,
    EnterpriseCard,
    EnterpriseKind,
    Industry,
    SizeClass,
)

TAB = "county-people-enterprises"
HEADING = (
    *("名称", "统一社会信用代码", "类型", "行业", "国标门类", "规模", "乡镇", "村"),
    *("去年收入（万元）", "人数", "资产（万元）", "法定代表人", "登记日期", "核对日期"),
)


@gate.page(queries.enterprise_register, queries.enterprise_rows)
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
    context = {
        "rows": [_line(one) for one in found.rows],
        "total": found.total,
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
