"""The supervision ledger (督导台账): table, print, export, and logging a call."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.http import HttpResponse, QueryDict

from puhui.desks.county import forms
from puhui.desks.county.chrome import DESK
from puhui.desks.county.lists_view import PROMISE
from puhui.desks.shared.gate import Request, page
from puhui.desks.shared.sheets import answered
from puhui.desks.shared.spreadsheets import table_response
from puhui.desks.shared.watching.case_view import step_words
from puhui.desks.shared.watching.filters import Choice, changed, read_day
from puhui.desks.shared.watching.words import SUPERVISIONS, at_words
from puhui.kernel.actor import Actor, Role
from puhui.kernel.clock import local, local_date, minute_text
from puhui.market import actions, queries
from puhui.market.queries import LedgerFilter, SupervisionView
from puhui.parties import queries as parties
from puhui.parties.queries.watching import people_named
from puhui.parties.terms import StaffCard

STATES = {
    "open": "没了结的",
    "closed": "了结的",
    "answered": "银行回了话的",
    "silent": "到点没回话的",
    "unphoned": "县里还没打电话的",
}
PAGE, EXPORTED = 50, 5000
HEADING = ("督导号", "编号", "银行", "事由", "立的时间", "回话时限", "回话时间", "了结时间", "经过")
TO = {"officer": "值班", "head": "行长"}


@page(queries.supervision_ledger)
def ledger(request: Request) -> HttpResponse:
    """/county/supervision/"""
    wanted, actor = _read(request.GET), request.actor
    kind = request.GET.get("format", "")
    if kind in ("csv", "xlsx"):
        day = local_date(queries.supervision_ledger(actor, wanted, limit=1).now)
        return table_response(kind, f"督导台账 {day}", HEADING, _exported(actor, wanted))
    found = queries.supervision_ledger(
        actor, wanted, limit=PAGE, before=request.GET.get("before", "")[:20]
    )
    names = people_named(actor, _people(found.rows))
    banks = [(one.ref, one.name) for one in parties.banks(actor)]
    context = {
        "rows": [_row(row, names, found) for row in found.rows],
        "total": found.total,
        "wanted": wanted,
        "is_narrowed": wanted != LedgerFilter(),
        "choices": [
            _choice("bank", "银行", "全部银行", banks, wanted.bank),
            _choice("kind", "事由", "全部", SUPERVISIONS.items(), wanted.kind),
            _choice("state", "办到哪", "全部", STATES.items(), wanted.state),
        ],
        "next_address": changed(request.GET, before=found.next_before) if found.next_before else "",
        "csv_address": changed(request.GET, before="", format="csv"),
        "xlsx_address": changed(request.GET, before="", format="xlsx"),
        "may_log": actor.role is Role.COUNTY_SUPERVISOR,
        "printed": f"{local(found.now):%Y-%m-%d %H:%M}",
        "now": found.now,
    }
    return DESK.page(request, "county/ledger.html", context)


def _read(query: QueryDict) -> LedgerFilter:
    kind, state = query.get("kind", ""), query.get("state", "")
    return LedgerFilter(
        ref=query.get("q", "").strip()[:20],
        bank=query.get("bank", "")[:16],
        kind=kind if kind in SUPERVISIONS else "",
        state=state if state in STATES else "",
        since=read_day(query.get("since", "")),
        until=read_day(query.get("until", "")),
    )


def _choice(name: str, label: str, none: str, options: Any, picked: str) -> Choice:
    shown = tuple((value, words, value == picked) for value, words in options)
    return Choice(name, label, (("", none, not picked), *shown))


def _people(rows: tuple[SupervisionView, ...]) -> set[str]:
    steps = [step for row in rows for step in row.steps]
    return {step.by_ref for step in steps} | {step.to_ref for step in steps}


def _row(row: SupervisionView, names: Mapping[str, str], found: Any) -> dict[str, Any]:
    is_silent = row.answered_at is None and row.answer_due_at < found.now and not row.closed_at
    state = "已了结" if row.closed_at else "到点没回话" if is_silent else "没了结"
    return {
        "ref": row.ref,
        "demand": row.demand_ref,
        "address": DESK.case(row.demand_ref),
        "bank": row.bank_name,
        "kind": SUPERVISIONS.get(row.kind, row.kind),
        "opened": at_words(row.opened_at, found.now),
        "answered": at_words(row.answered_at, found.now)
        if row.answered_at
        else f"应在 {at_words(row.answer_due_at, found.now)} 前",
        "state": state,
        "tone": "fine" if row.closed_at else "late" if is_silent else "soon",
        "steps": [step_words(step, names, found.now) for step in row.steps],
        "log": DESK.url("log", row.ref) if not row.closed_at else "",
    }


def _exported(actor: Actor, wanted: LedgerFilter) -> Iterator[list[str | int]]:
    before, told = "", 0
    while told < EXPORTED:
        found = queries.supervision_ledger(actor, wanted, limit=500, before=before)
        names = people_named(actor, _people(found.rows))
        for row in found.rows:
            times = (row.opened_at, row.answer_due_at, row.answered_at, row.closed_at)
            yield [
                row.ref,
                row.demand_ref,
                row.bank_name,
                SUPERVISIONS.get(row.kind, row.kind),
                *(f"{local(at):%Y-%m-%d %H:%M:%S}" if at else "" for at in times),
                "\n".join(step_words(step, names, found.now) for step in row.steps),
            ]
        told += len(found.rows)
        before = found.next_before
        if not before:
            return


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
    more = {
        "people": people,
        "to_label": TO.get(to, ""),
        "script": {
            "ref": record.demand_ref,
            "claimed": minute_text(engagement.claimed_at) if engagement else "",
            "minutes": int(late.total_seconds() // 60),
            "by": minute_text(promised),
        },
        "steps": [
            step_words(step, people_named(request.actor, _people((record,))), case.now)
            for step in record.steps
        ],
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
