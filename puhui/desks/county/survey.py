"""The daily calls: the page, one call with its script, what was said, the draw done again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.http import Http404, HttpResponse

from puhui.desks.county import survey_forms as forms
from puhui.desks.county.chrome import DESK
from puhui.desks.county.survey_view import draw_rows, score_rows, subject
from puhui.desks.shared.gate import Request, page
from puhui.desks.shared.sheets import Sheet, answered, shown
from puhui.desks.shared.spreadsheets import table_response
from puhui.desks.shared.watching.case_pages import told
from puhui.desks.shared.watching.filters import read_day
from puhui.kernel.actor import Actor
from puhui.kernel.clock import local_date
from puhui.kernel.command import NOT_FOUND, Refused, database_now
from puhui.market import actions, queries
from puhui.parties import queries as parties

HEADING = (
    "银行",
    "电话回访（份）",
    "态度（1–5）",
    "整个事（1–5）",
    "群众自己打分（份）",
    "自己打分（1–3）",
)


@page(queries.satisfaction, queries.survey_draws, queries.survey_today)
def survey(request: Request) -> HttpResponse:
    """/county/survey/"""
    today = local_date(database_now())
    since = read_day(request.GET.get("since", "")) or today - timedelta(days=89)
    until = read_day(request.GET.get("until", "")) or today
    rows = queries.satisfaction(request.actor, since=since, until=until)
    scores = score_rows(rows)
    kind = request.GET.get("format", "")
    if kind in ("csv", "xlsx"):
        name = f"满意度 {since} 至 {until}"
        return table_response(kind, name, HEADING, [list(one.values()) for one in scores])
    context = {
        "today": queries.survey_today(request.actor),
        "draws": queries.survey_draws(request.actor, limit=30),
        "scores": scores,
        "since": since,
        "until": until,
    }
    return DESK.page(request, "county/survey.html", context)


@page(queries.redrawn)
def draw(request: Request, day: str) -> HttpResponse:
    """/county/survey/<day>/: the day's draw, done again from its seed."""
    on = read_day(day)
    if on is None:
        raise Http404
    found = queries.redrawn(request.actor, on)
    names = {one.ref: one.name for one in parties.banks(request.actor)}
    context = {"found": found, "rows": draw_rows(found, names)}
    return DESK.page(request, "county/survey_draw.html", context)


def _sheet(request: Request, ref: str, **more: Any) -> Sheet:
    one = queries.survey_call(request.actor, ref)
    return DESK.sheet(
        request,
        "满意度回访",
        "记下",
        f"{DESK.url('desk')}?list=survey",
        subject=subject(one),
        before="county/survey_call.html",
        more={"call": one, "action": DESK.url("survey-answers", ref), **more},
    )


@page(actions.view_survey_phone, methods=("POST",))
def call(request: Request, ref: str) -> HttpResponse:
    """/county/survey/calls/<ref>/phone: the number on a tap that is journalled, and the script."""
    try:
        contact = actions.view_survey_phone(ref, by=request.actor)
    except Refused as refused:
        if refused.reason == NOT_FOUND:
            raise
        sheet = replace(_sheet(request, ref), verb="")  # nothing to fill in
        return shown(
            request,
            sheet,
            forms.Answers(),
            sentence=refused.sentence,
            status=refused.reason.status,
        )
    response = shown(request, _sheet(request, ref, contact=contact), forms.Answers())
    response["Cache-Control"] = "private, no-store"
    return response


@page(actions.record_survey, queries.survey_call, methods=("GET", "POST"))
def answers(request: Request, ref: str) -> HttpResponse:
    """/county/survey/calls/<ref>/answers"""
    form = forms.Answers(request.POST or None)

    def act(_typed: Mapping[str, Any]) -> None:
        actions.record_survey(ref, form.answers(), by=request.actor)

    taken = request.POST.get("money_taken") == "yes"
    said = "记下了，收钱的事已经单独立件，今天办。" if taken else "记下了，这一个打完了。"
    return answered(request, _sheet(request, ref), form, act, said=said)


@page(actions.miss_survey, queries.survey_call, methods=("POST",))
def miss(request: Request, ref: str) -> HttpResponse:
    """/county/survey/calls/<ref>/missed: nobody answered; after three times the next in order."""
    one = queries.survey_call(request.actor, ref)
    said = (
        f"记下了，第 {one.attempts + 1} 次没接；满 3 次换下一个人。"
        if one.attempts < 2
        else "三次没接，换成抽签顺序里的下一个人了。"
    )

    def act(actor: Actor) -> None:
        actions.miss_survey(ref, by=actor)

    return told(request, _sheet(request, ref), act, said=said)


@page(actions.decline_survey, queries.survey_call, methods=("POST",))
def decline(request: Request, ref: str) -> HttpResponse:
    """/county/survey/calls/<ref>/declined: would rather not say; the next in order."""

    def act(actor: Actor) -> None:
        actions.decline_survey(ref, by=actor)

    return told(request, _sheet(request, ref), act, said="记下了，换成抽签顺序里的下一个人。")
