"""The supervision ledger (督导台账), and logging a call."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse

from puhui.desks.county import forms
from puhui.desks.county.chrome import DESK
from puhui.desks.county.lists_view import PROMISE
from puhui.desks.shared.gate import Request, page
from puhui.desks.shared.sheets import answered
from puhui.desks.shared.watching import ledger as table
from puhui.desks.shared.watching.case_view import step_words
from puhui.desks.shared.watching.words import SUPERVISIONS
from puhui.kernel.actor import Actor, Role
from puhui.kernel.clock import minute_text
from puhui.market import actions, queries
from puhui.market.queries import SupervisionView
from puhui.parties import queries as parties
from puhui.parties.queries.watching import people_named
from puhui.parties.terms import StaffCard

TO = {"officer": "值班", "head": "行长"}


@page(queries.supervision_record, queries.supervision_ledger)
def ledger(request: Request) -> HttpResponse:
    """/county/supervision/"""
    return table.ledger(request, DESK, may_log=request.actor.role is Role.COUNTY_SUPERVISOR)


@page(actions.log_supervision, queries.supervision_record, methods=("GET", "POST"))
def log(request: Request, ref: str) -> HttpResponse:
    """/county/supervision/<ref>/log: the number, the words to say, and what came of it."""
    record = queries.supervision_record(request.actor, ref)
    case = queries.watched_case(request.actor, record.demand_ref)
    engagement = next((one for one in case.engagements if one.ref == record.engagement_ref), None)
    to = request.GET.get("to", "")
    people = _reachable(request.actor, record, to, case.now) if to in TO else []
    promised = case.now + PROMISE
    late = case.now - (engagement.claimed_at if engagement else record.opened_at)
    refs = {one for step in record.steps for one in (step.by_ref, step.to_ref)}
    names = people_named(request.actor, refs)
    more = {
        "people": people,
        "to_label": TO.get(to, ""),
        "script": {
            "ref": record.demand_ref,
            "claimed": minute_text(engagement.claimed_at) if engagement else "",
            "minutes": int(late.total_seconds() // 60),
            "by": minute_text(promised),
        },
        "steps": [step_words(step, names, case.now) for step in record.steps],
    }
    named = f"{people[0].name_masked}（{TO[to]}）" if people else TO.get(to, "")
    form = forms.Supervision(
        case.now, request.POST or None, initial={"to": named, "promised_at": promised}
    )
    sheet = DESK.sheet(
        request,
        f"督导 {record.bank_name}",
        "记下",
        f"{DESK.url('supervision')}?q={record.demand_ref}",
        subject=f"{record.demand_ref} · {SUPERVISIONS.get(record.kind, record.kind)}",
        before="county/supervision_call.html",
        makes_new=True,
        more=more,
    )

    def act(typed: Mapping[str, Any]) -> None:
        actions.log_supervision(
            ref,
            to=typed["to"],
            words=typed["words"],
            promised_at=typed["promised_at"],
            by=request.actor,
        )

    return answered(request, sheet, form, act, said="记下了，督导台账里有这一条。")


def _reachable(actor: Actor, record: SupervisionView, to: str, now: Any) -> list[StaffCard]:
    bank = parties.bank(actor, record.bank_ref).id
    if to == "officer":
        return parties.officers_on_duty(actor, bank, now)
    return parties.duty_holders(actor, Role.BANK_ADMIN, organisation_id=bank, now=now)
