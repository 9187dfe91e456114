"""The county's cases: all of them, one of them, and what the county may do with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse

from puhui.desks.county import forms
from puhui.desks.county.chrome import DESK
from puhui.desks.shared.gate import Request, page
from puhui.desks.shared.rows import Button
from puhui.desks.shared.sheets import answered
from puhui.desks.shared.watching import case_pages, case_table
from puhui.desks.shared.watching.case_pages import subject, told
from puhui.kernel.actor import COUNTY, Role
from puhui.kernel.command import NOT_FOUND, Refused
from puhui.market import actions, queries
from puhui.market.terms import MismatchKind
from puhui.parties import queries as parties


@page(queries.county_lists, queries.cases)
def cases(request: Request) -> HttpResponse:
    """/county/cases/"""
    return case_table.cases(request, DESK)


@page(queries.county_lists, queries.watched_case, queries.timeline)
def case(request: Request, ref: str) -> HttpResponse:
    """/county/cases/<ref>/"""
    role = request.actor.role
    return case_pages.case(
        request,
        DESK,
        ref,
        may_act=role in COUNTY,
        may_nudge=role is Role.COUNTY_SUPERVISOR,
        may_keep=role is Role.COUNTY_SUPERVISOR,
        may_reassign=role in COUNTY,
        may_log=role is Role.COUNTY_SUPERVISOR,
        acts=_acts,
        **case_pages.addresses(DESK),
    )


def _acts(case: queries.WatchedCase) -> list[Button]:
    """Push it to the bank responsible for the village while nobody holds it; money that was taken."""
    is_free = case.live == 0 and case.ended_at is None
    push = [Button("推给责任银行", DESK.url("push", case.ref), "post")] if is_free else []
    return [*push, Button("有人收钱：立件", DESK.url("money", case.ref))]


@page(actions.settle_mismatch, actions.view_phone, methods=("POST",))
def phone(request: Request, ref: str) -> HttpResponse:
    """/county/cases/<ref>/phone"""
    return case_pages.phone(request, DESK, ref)


@page(actions.settle_mismatch, actions.add_note, methods=("GET", "POST"))
def note(request: Request, ref: str) -> HttpResponse:
    """/county/cases/<ref>/note"""
    return case_pages.note(request, DESK, ref)


@page(actions.settle_mismatch, actions.close_follow_up, methods=("GET", "POST"))
def where_to(request: Request, ref: str, follow_up: str) -> HttpResponse:
    """/county/cases/<ref>/follow-ups/<follow_up>"""
    return case_pages.where_to(request, DESK, ref, follow_up)


@page(actions.log_supervision, actions.nudge, methods=("POST",))
def nudge(request: Request, ref: str, engagement: str) -> HttpResponse:
    """/county/cases/<ref>/engagements/<engagement>/nudge"""
    return case_pages.nudge(request, DESK, ref, engagement)


@page(actions.log_supervision, actions.keep_all_unreached, methods=("GET", "POST"))
def keep_all(request: Request, ref: str) -> HttpResponse:
    """/county/cases/<ref>/keep-all"""
    return case_pages.keep_all(request, DESK, ref)


@page(actions.push_to_responsible_bank, methods=("POST",))
def push(request: Request, ref: str) -> HttpResponse:
    """/county/cases/<ref>/push: the bank responsible for the village is asked to take it."""
    found = queries.watched_case(request.actor, ref)
    sheet = DESK.sheet(
        request, "推给责任银行", "推给责任银行", DESK.case(ref), subject=subject(found)
    )
    return told(
        request,
        sheet,
        lambda actor: actions.push_to_responsible_bank(ref, by=actor),
        said="推给责任银行了，值班的人收到了。",
    )


@page(actions.hand_to_township, methods=("POST",))
def hand(request: Request, ref: str, follow_up: str) -> HttpResponse:
    """/county/cases/<ref>/follow-ups/<follow_up>/hand: a deputy of the township takes it on."""
    found = queries.watched_case(request.actor, ref)
    if follow_up not in {one.ref for one in found.follow_ups}:
        raise Refused(NOT_FOUND)
    sheet = DESK.sheet(request, "交镇里", "交镇里", DESK.case(ref), subject=subject(found))
    return told(
        request,
        sheet,
        lambda actor: actions.hand_to_township(follow_up, by=actor),
        said="交给镇里了，金融副镇长收到了短信。",
    )


@page(actions.reassign, actions.propose_reassignment, methods=("GET", "POST"))
def reassign(request: Request, ref: str, engagement: str) -> HttpResponse:
    """/county/cases/<ref>/engagements/<engagement>/reassign"""
    found = queries.watched_case(request.actor, ref)
    now_at = next((one for one in found.engagements if one.ref == engagement), None)
    if now_at is None:
        raise Refused(NOT_FOUND)
    banks = [(one.ref, one.name) for one in parties.banks(request.actor)]
    others = [(code, name) for code, name in banks if code != now_at.bank_ref]
    form = forms.Reassign(others, request.POST or None)
    sheet = DESK.sheet(
        request,
        f"改派：从{now_at.bank_name}改给别家",
        "改派",
        DESK.case(ref),
        subject=subject(found),
        warning="本人同意才换：打电话问过的就勾上；没问的不勾，系统发短信问，回 1 才改派。"
        "改派后原银行这一笔就结束了，记录都留着。",
    )

    def act(typed: Mapping[str, Any]) -> None:
        if typed["applicant_agreed"]:
            actions.reassign(engagement, typed["bank"], applicant_agreed=True, by=request.actor)
        else:
            actions.propose_reassignment(engagement, typed["bank"], by=request.actor)

    agreed = "applicant_agreed" in request.POST
    said = "改派了，新的银行已经收到。" if agreed else "发短信问本人了，回 1 就改派。"
    return answered(request, sheet, form, act, said=said)


@page(actions.settle_mismatch, methods=("GET", "POST"))
def settle(request: Request, ref: str, kind: str) -> HttpResponse:
    """/county/cases/<ref>/mismatches/<kind>: the county's finding."""
    if kind not in MismatchKind.values or kind == MismatchKind.MONEY_TAKEN:
        raise Refused(NOT_FOUND)
    found = queries.watched_case(request.actor, ref)
    label = MismatchKind(kind).label
    sheet = DESK.sheet(
        request,
        f"定性：{label}",
        "定下来",
        DESK.case(ref),
        subject=f"{subject(found)} · {label}",
        warning="记下以后这一条从“对不上的”里去掉，记录留在台账里，改不了。",
    )

    def act(typed: Mapping[str, Any]) -> None:
        actions.settle_mismatch(ref, kind, typed["words"], by=request.actor)

    form = forms.Finding(request.POST or None)
    return answered(request, sheet, form, act, said="记下了，台账里也有这一条。")


@page(actions.ask_applicant_again, methods=("POST",))
def ask_again(request: Request, ref: str, kind: str, engagement: str) -> HttpResponse:
    """/county/cases/<ref>/mismatches/<kind>/ask/<engagement>: the question by text message again."""
    found = queries.watched_case(request.actor, ref)
    sheet = DESK.sheet(request, "再问群众", "再问群众", DESK.case(ref), subject=subject(found))
    return told(
        request,
        sheet,
        lambda actor: actions.ask_applicant_again(ref, kind, engagement, by=actor),
        said="短信又问了一遍，回了就在这里变。",
    )


@page(actions.query_bank, methods=("POST",))
def ask_bank(request: Request, ref: str, kind: str, engagement: str) -> HttpResponse:
    """/county/cases/<ref>/mismatches/<kind>/bank/<engagement>"""
    found = queries.watched_case(request.actor, ref)
    sheet = DESK.sheet(request, "问银行", "问银行", DESK.case(ref), subject=subject(found))
    return told(
        request,
        sheet,
        lambda actor: actions.query_bank(ref, kind, engagement, by=actor),
        said="发给该行值班的人了，记在这一笔里。",
    )
