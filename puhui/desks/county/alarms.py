"""What the county must look after so that the platform itself keeps its promises."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import HttpResponse

from puhui.desks.county.chrome import DESK
from puhui.desks.shared.gate import Request, page
from puhui.desks.shared.watching.case_pages import told
from puhui.desks.shared.watching.words import at_words
from puhui.kernel import journal
from puhui.kernel.actor import Actor, Role
from puhui.kernel.clock import duration_text
from puhui.kernel.journal.sealing import ALARM_AFTER_SECONDS, REFUSE_AFTER_SECONDS
from puhui.market import queries
from puhui.market.terms import ClockKind
from puhui.notices import actions as notices
from puhui.notices import queries as notice_queries

KINDS = {"sms": "短信", "webhook": "接口通知"}


@page(
    notice_queries.parked,
    queries.awaiting_clocks,
    queries.vacancy_reports,
    queries.rechecks,
)
def alarms(request: Request) -> HttpResponse:
    """/county/alarms"""
    actor = request.actor
    rules = queries.county_rules(actor)
    waiting = queries.awaiting_clocks(actor)
    context = {
        "sealing": sealing(),
        "parked": [
            {
                "one": one,
                "kind": KINDS.get(one.kind, one.kind),
                "at": at_words(one.created_at, rules.now),
            }
            for one in notice_queries.parked(actor)
        ],
        "awaiting": [
            {
                "one": one,
                "kind": ClockKind(one.kind).label,
                "at": at_words(one.started_at, rules.now),
                "address": DESK.case(one.demand_ref),
            }
            for one in waiting
        ],
        "missing_years": rules.missing_years,
        "vacancies": [(one, at_words(one.at, rules.now)) for one in queries.vacancy_reports(actor)],
        "rechecks": queries.rechecks(actor),
        "may_edit": actor.role is Role.COUNTY_ADMIN,
        "now": rules.now,
    }
    return DESK.page(request, "county/alarms.html", context)


def sealing() -> dict[str, Any]:
    """How far the journal is sealed, in a word and a sentence."""
    status = journal.seal_status()
    age = status.oldest_unsealed_age_seconds
    waited = duration_text(timedelta(seconds=age))
    if age > REFUSE_AFTER_SECONDS:
        words, tone = f"最老的一条等了 {waited}，个人信息暂停显示。请马上找运维。", "late"
    elif age > ALARM_AFTER_SECONDS:
        words, tone = f"最老的一条等了 {waited}，封存停了。请找运维。", "late"
    elif age:
        words, tone = f"最老的一条等了 {waited}，正在封。", "fine"
    else:
        words, tone = "全部封好了。", "fine"
    head = status.head
    return {
        "words": words,
        "tone": tone,
        "count": head.count if head else 0,
        "at": head and head.signed_at,
    }


@page(notices.send_again, methods=("POST",))
def send_again(request: Request, message: UUID) -> HttpResponse:
    """/county/alarms/messages/<message>/again"""
    sheet = DESK.sheet(request, "再发一次", "再发一次", DESK.url("alarms"))

    def act(actor: Actor) -> None:
        notices.send_again(message, by=actor)

    return told(request, sheet, act, said="又排上了，马上再发。")
