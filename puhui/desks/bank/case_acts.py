"""Small acts on a case: papers, being there, where it is stuck, a colleague, an answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from puhui.desks.bank import case_forms
from puhui.desks.bank.case_words import how_much, what
from puhui.desks.bank.chrome import bank_page, bank_sheet
from puhui.desks.bank.lists_view import aside_row
from puhui.desks.shared.gate import Request, page
from puhui.desks.shared.sheets import Sheet, answered, done, sent
from puhui.kernel.command import NOT_FOUND, Refused
from puhui.market import actions, queries
from puhui.market.queries import BankCase
from puhui.parties import queries as parties


def _sheet(request: Request, case: BankCase, title: str, verb: str, **options: Any) -> Sheet:
    back = reverse("bank-case", args=[case.engagement.ref])
    subject = f"{case.contact_code} {case.name_masked} · {what(case)} {how_much(case)}"
    return bank_sheet(request, title, verb, back, subject=subject, **options)


@page(actions.set_aside, methods=("POST",))
def aside(request: Request, ref: str) -> HttpResponse:
    """/bank/demands/<ref>/aside: out of one's own list; colleagues still see it."""
    actions.set_aside(ref, by=request.actor)
    undo = reverse("bank-back", args=[ref])
    return done(request, "这一条不再给您看，不扣分。", reverse("bank-desk"), undo=undo)


@page(actions.put_back, methods=("POST",))
def back(request: Request, ref: str) -> HttpResponse:
    """/bank/demands/<ref>/back"""
    actions.put_back(ref, by=request.actor)
    return done(request, "放回“可以接的单”了。", reverse("bank-asides"))


@page(queries.demands_aside)
def asides(request: Request) -> HttpResponse:
    """/bank/aside/: what one has hidden and could still claim."""
    rows = [aside_row(card) for card in queries.demands_aside(request.actor)]
    if request.htmx:
        return render(request, "bank/aside_rows.html", {"found": rows})
    return bank_page(request, "bank/aside.html", {"found": rows})


@page(actions.check_papers, queries.engagement, methods=("GET", "POST"))
def papers(request: Request, ref: str) -> HttpResponse:
    """/bank/engagements/<ref>/papers: tick what came, ask for what is missing."""
    case = queries.engagement(request.actor, ref)

    def act(typed: Mapping[str, Any]) -> None:
        received, more = typed.get("received", []), typed["more"].splitlines()
        actions.check_papers(ref, received=received, more=more, by=request.actor)

    sheet = _sheet(request, case, "材料", "记下")
    form = case_forms.Papers(case.engagement.papers, sent(request))
    return answered(request, sheet, form, act, said="记下了；新要的材料已经告诉群众。")


@page(actions.record_arrival, methods=("POST",))
def arrive(request: Request, ref: str) -> HttpResponse:
    """/bank/engagements/<ref>/arrive"""
    actions.record_arrival(ref, by=request.actor)
    return done(request, "到的时间记下了。看完交结果。", reverse("bank-case", args=[ref]))


@page(actions.note_obstacle, queries.engagement, methods=("GET", "POST"))
def obstacle(request: Request, ref: str) -> HttpResponse:
    """/bank/engagements/<ref>/obstacle"""
    case = queries.engagement(request.actor, ref)

    def act(typed: Mapping[str, Any]) -> None:
        actions.note_obstacle(ref, typed["words"], by=request.actor)

    known = case.engagement.obstacle
    form = case_forms.Obstacle(sent(request), initial={"words": known.words if known else ""})
    warning = "写了钟照走；要等客户的，请客户自己确认。"
    sheet = _sheet(request, case, "卡在哪", "记下", warning=warning)
    return answered(request, sheet, form, act, said="记下了卡在哪。")


@page(actions.hand_over, queries.engagement, methods=("GET", "POST"))
def hand_over(request: Request, ref: str) -> HttpResponse:
    """/bank/engagements/<ref>/hand-over: the colleague then sees whom to call."""
    case = queries.engagement(request.actor, ref)
    loads = {one.ref: one for one in queries.team(request.actor).officers}
    officers = [
        (one.ref, f"{one.name_masked} {one.ref}（在办 {loads[one.ref].live}）")
        for one in parties.colleagues(request.actor)
        if one.ref != case.engagement.officer_ref and one.ref in loads
    ]

    def act(typed: Mapping[str, Any]) -> None:
        actions.hand_over(ref, typed["officer"], reason=typed["reason"], by=request.actor)

    warning = "转出以后，姓名、电话、村庄只给接手的人和值班的人看。"
    sheet = _sheet(request, case, "转给同事", "转给他（她）", warning=warning)
    form = case_forms.HandOver(officers, sent(request))
    return answered(request, sheet, form, act, said="转好了，接手的人看得到联系方式。")


@page(actions.answer_enquiry, queries.enquiry_case, methods=("GET", "POST"))
def enquiry(request: Request, ref: str) -> HttpResponse:
    """/bank/enquiries/<ref>: what the applicant asked, and the answer."""
    case = queries.enquiry_case(request.actor, ref)
    asked = next((one for one in case.engagement.enquiries if one.ref == ref), None)
    if asked is None:
        raise Refused(NOT_FOUND)

    def act(typed: Mapping[str, Any]) -> None:
        actions.answer_enquiry(ref, typed["words"], by=request.actor)

    sheet = _sheet(
        request, case, "给客户回话", "回", before="bank/asked.html", more={"asked": asked}
    )
    form = case_forms.Answer(sent(request))
    return answered(request, sheet, form, act, said="回了，已经告诉客户有新消息。")
