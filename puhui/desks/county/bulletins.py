"""The monthly bulletin at the county's desk: drafted, worded, issued by a second person, kept."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import quote

from django import forms
from django.http import Http404, HttpResponse
from django.urls import reverse

from puhui.desks.county.bulletins_view import EditForm, line, page_context
from puhui.desks.county.chrome import DESK
from puhui.desks.shared.gate import Request, page
from puhui.desks.shared.qr import public_address
from puhui.desks.shared.sheets import answered, done, refused_with
from puhui.desks.shared.typed import Pick, Words
from puhui.desks.shared.watching.forms import Nothing
from puhui.kernel.clock import day_from, local_date
from puhui.kernel.command import NOT_FOUND, Refused, database_now
from puhui.oversight import actions, queries
from puhui.parties.queries.watching import people_named

MEDIA = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
MONTHS = 12


def verify_address(request: Request, code: str) -> str:
    """Where anybody may verify the printed page."""
    return public_address(reverse("verify-bulletin", args=[code]), request.get_host())


@page(queries.bulletins)
def bulletins(request: Request) -> HttpResponse:
    """/county/bulletins/"""
    found = queries.bulletins(request.actor)
    names = people_named(request.actor, {one.drafted_by for one in found})
    now = database_now()
    may = actions.draft_bulletin.policy.allows(request.actor)  # type: ignore[attr-defined]
    rows = [line(one, names, now) for one in found]
    return DESK.page(request, "county/bulletins.html", {"rows": rows, "may_edit": may, "now": now})


class MonthForm(forms.Form):
    """Which month."""

    month = Pick("哪个月", (), listed=True)

    def __init__(self, today: date, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        months: list[tuple[str, str]] = []
        day = today.replace(day=1)
        for _ in range(MONTHS):
            words = f"{day.year} 年 {day.month} 月" + ("（还没过完）" if not months else "")
            months.append((str(day), words))
            day = date.fromordinal(day.toordinal() - 1).replace(day=1)
        self.fields["month"] = Pick("哪个月", months, listed=True)


@page(actions.draft_bulletin, methods=("GET", "POST"))
def draft(request: Request) -> HttpResponse:
    """/county/bulletins/draft"""
    today = local_date(database_now())
    last = date.fromordinal(today.replace(day=1).toordinal() - 1).replace(day=1)
    form = MonthForm(today, request.POST or None, initial={"month": str(last)})
    sheet = DESK.sheet(request, "生成一期通报", "从台账数出来", DESK.url("bulletins"))

    def act(typed: Mapping[str, Any]) -> None:
        actions.draft_bulletin(day_from(typed["month"]), by=request.actor)

    return answered(request, sheet, form, act, said="草稿生成了，改好字，请另一位发布。")


@page(queries.bulletin, queries.bulletin_paper)
def bulletin(request: Request, ref: str) -> HttpResponse:
    """/county/bulletins/<ref>/"""
    view = queries.bulletin(request.actor, ref)
    people = {view.drafted_by, view.edited_by, view.issued_by} - {""}
    names = people_named(request.actor, people)
    context = page_context(view, queries.bulletin_paper(request.actor, ref), names, request.actor)
    address = verify_address(request, view.verify_code)
    return DESK.page(request, "county/bulletin.html", {**context, "verify": address})


@page(queries.bulletin_file)
def file(request: Request, ref: str, kind: str) -> HttpResponse:
    """/county/bulletins/<ref>/file.<kind>"""
    if kind not in MEDIA:
        raise Http404
    view = queries.bulletin(request.actor, ref)
    address = verify_address(request, view.verify_code)
    body = queries.bulletin_file(request.actor, ref, kind, address)
    name = f"{view.figures['county']}运行情况通报{view.month:%Y-%m}第{view.edition}期.{kind}"
    response = HttpResponse(body, content_type=MEDIA[kind])
    place = "inline" if kind == "pdf" else "attachment"
    response["Content-Disposition"] = f"{place}; filename*=UTF-8''{quote(name)}"
    return response


@page(actions.edit_bulletin, queries.bulletin, methods=("GET", "POST"))
def edit(request: Request, ref: str) -> HttpResponse:
    """/county/bulletins/<ref>/edit"""
    view = queries.bulletin(request.actor, ref)
    form = EditForm(view, request.POST or None)
    back = DESK.url("bulletin", ref)
    sheet = DESK.sheet(
        request,
        "改字",
        "存下来",
        back,
        subject=f"{view.month.year} 年 {view.month.month} 月 · 第 {view.edition} 期",
        warning="花括号里的是数，由系统从台账填，留在句子里就行；字随您改。",
    )

    def act(typed: Mapping[str, Any]) -> None:
        actions.edit_bulletin(ref, typed, by=request.actor)

    return answered(request, sheet, form, act, said="改好了。")


@page(actions.recount_bulletin, methods=("POST",))
def recount(request: Request, ref: str) -> HttpResponse:
    """/county/bulletins/<ref>/recount"""
    actions.recount_bulletin(ref, by=request.actor)
    return done(request, "重新数过了，改过的字还在。", DESK.url("bulletin", ref))


@page(actions.discard_draft, methods=("GET", "POST"))
def discard(request: Request, ref: str) -> HttpResponse:
    """/county/bulletins/<ref>/discard"""
    sheet = DESK.sheet(
        request,
        "不要这份草稿",
        "删掉草稿",
        DESK.url("bulletin", ref),
        warning="草稿删掉就没了，改过的字也没了；随时可以重新生成。",
    )

    def act(_typed: Any) -> None:
        actions.discard_draft(ref, by=request.actor)

    form = Nothing(request.POST or None)
    return answered(request, sheet, form, act, said="草稿删掉了。", to=DESK.url("bulletins"))


@page(actions.issue_bulletin, queries.bulletin, methods=("GET", "POST"))
def issue(request: Request, ref: str) -> HttpResponse:
    """/county/bulletins/<ref>/issue"""
    view = queries.bulletin(request.actor, ref)
    address = verify_address(request, view.verify_code)
    sheet = DESK.sheet(
        request,
        "确认发布",
        "我看过了，发布",
        DESK.url("bulletin", ref),
        subject=f"{view.month.year} 年 {view.month.month} 月 · 第 {view.edition} 期",
        warning="发了就改不了，存档的 PDF 和 Word 连同指纹记进台账；要改，发一份更正。写稿、改字的人不能自己发。",
    )
    form = Nothing(request.POST or None)

    def act(_typed: Any) -> None:
        actions.issue_bulletin(ref, address, by=request.actor)

    return answered(request, sheet, form, act, said="发布了，已经存档。")


class CorrectionForm(forms.Form):
    """What is put right."""

    reason = Words("更正什么", 200, rows=3, empty="请写明更正什么。")


@page(actions.correct_bulletin, methods=("GET", "POST"))
def correct(request: Request, ref: str) -> HttpResponse:
    """/county/bulletins/<ref>/correct"""
    sheet = DESK.sheet(
        request,
        "发一份更正",
        "生成更正的草稿",
        DESK.url("bulletin", ref),
        warning="原来那一期不动。更正是新的一期，数重新数，印着更正什么。",
    )
    form = CorrectionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            fresh = actions.correct_bulletin(ref, form.cleaned_data["reason"], by=request.actor)
        except Refused as refused:
            if refused.reason == NOT_FOUND:
                raise
            return refused_with(request, sheet, form, refused)
        return done(request, "更正的草稿生成了。", DESK.url("bulletin", fresh))
    return answered(request, sheet, form, lambda _typed: None, said="")
