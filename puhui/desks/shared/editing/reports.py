"""Villagers' questions and reports at the desk: what is due first, answered in public or private."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse

from puhui.content import actions, queries
from puhui.content.terms import ReportCard, ReportKind, section_of
from puhui.desks.shared.editing import forms
from puhui.desks.shared.gate import Request
from puhui.desks.shared.sheets import answered
from puhui.desks.shared.watching.desk import WatchingDesk
from puhui.kernel.actor import COUNTY, Actor, Role
from puhui.kernel.clock import day_text, local_date
from puhui.kernel.command import NOT_FOUND, Refused, database_now

OWNERS = {"township": "镇里答复", "county": "县里答复"}


def listing(request: Request, desk: WatchingDesk) -> HttpResponse:
    """Open ones by what is due first; answered ones by `state=answered`."""
    state = "answered" if request.GET.get("state") == "answered" else "open"
    rows = [_row(one) for one in queries.reports(request.actor, state=state)]
    context = {
        "rows": rows,
        "state": state,
        "now": database_now(),
        "may_answer": request.actor.role in COUNTY or request.actor.role is Role.TOWNSHIP_ADMIN,
    }
    return desk.page(request, "editing/reports.html", context)


def _row(card: ReportCard) -> dict[str, Any]:
    section = section_of("village", card.section)
    return {
        "card": card,
        "kind": ReportKind(card.kind).label,
        "section": section.title if section else "",
        "owner": OWNERS[card.owner],
        "sent": day_text(local_date(card.sent_at)),
        "due": day_text(local_date(card.due_at)),
        "answered": day_text(local_date(card.answered_at)) if card.answered_at else "",
    }


def answer(request: Request, desk: WatchingDesk, ref: str) -> HttpResponse:
    """One answer, once."""
    card = _open_one(request.actor, ref)
    sheet = desk.sheet(
        request,
        "答复村民",
        "答复",
        desk.url("village-reports"),
        subject=f"{card.village_name}：{card.words}",
        warning="答复发出去就改不了。写清查了什么、怎么办、哪天办完。",
    )

    def act(typed: Mapping[str, Any]) -> None:
        is_public = typed["to"] == "public"
        actions.answer_report(ref, typed["answer"], is_public=is_public, by=request.actor)

    form = forms.Answering(request.POST or None, may_be_public=card.may_be_public)
    return answered(request, sheet, form, act, said="答复了，本人看得到。")


def _open_one(actor: Actor, ref: str) -> ReportCard:
    found = next((one for one in queries.reports(actor) if one.ref == ref), None)
    if found is None:
        raise Refused(NOT_FOUND)
    return found
