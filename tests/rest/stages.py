"""For every mutation of a bank: a case at the step where it succeeds, and what to send."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from puhui.catalogue import actions as catalogue
from puhui.catalogue.directory import actions as directory
from puhui.catalogue.directory.terms import EntryForm
from puhui.catalogue.terms import ProductForm
from puhui.files import queries as files
from puhui.kernel.clock import local, local_date
from puhui.kernel.command import database_now
from puhui.market import actions as market
from puhui.market import queries
from puhui.market.terms import ProposalForm
from puhui.parties import actions as parties
from puhui.parties import queries as people
from puhui.rest.schemas import examples
from tests import world
from tests.desks import watched
from tests.files import bombs
from tests.market import firms
from tests.market.ageing import age

REASON = {"reason": "住得太远"}
HASH = {"contract_hash": "00ff"}


@dataclass(frozen=True)
class Step:
    """One call that succeeds: method, path, body, another body, and the journal's word for it."""

    method: str
    path: str
    body: Any
    other: Any
    action: str
    """Empty: it leaves no journal row."""
    status: int = 200
    by_head: bool = False
    file: bytes = b""
    """Of an upload, beside the body's fields."""


Steps = dict[str, Callable[[world.World], Step]]


def claimed(county: world.World) -> str:
    """A case that the first bank has claimed; its reference."""
    sent = world.publish(county, county.applicant)
    return market.claim(sent.ref, by=county.bank.officer).engagement_ref


def called(county: world.World) -> str:
    ref, officer = claimed(county), county.bank.officer
    call = market.start_call(ref, by=officer)
    market.record_callback(ref, call.ref, "connected", duration_seconds=60, by=officer)
    return ref


def planned(county: world.World, plan: ProposalForm = world.PLAN) -> str:
    ref = called(county)
    market.submit_plan(ref, plan, by=county.bank.officer)
    return ref


def kept(county: world.World, plan: ProposalForm = world.PLAN) -> str:
    ref = planned(county, plan)
    market.keep_plan(ref, by=county.applicant)
    return ref


def visiting(county: world.World, plan: ProposalForm = world.PLAN) -> str:
    ref = kept(county, plan)
    visit_at = database_now() + timedelta(days=1)
    market.start_investigation(ref, visit_at, by=county.bank.officer)
    return ref


def visited(county: world.World, plan: ProposalForm = world.PLAN) -> str:
    ref = visiting(county, plan)
    market.report_investigation(ref, by=county.bank.officer)
    return ref


def offered(county: world.World) -> str:
    ref = visited(county)
    market.submit_offer(ref, world.PLAN, by=county.bank.officer)
    return ref


def accepted(county: world.World) -> str:
    ref = offered(county)
    market.accept_offer(ref, by=county.applicant)
    return ref


def signed(county: world.World) -> str:
    ref = accepted(county)
    market.record_signing(ref, by=county.bank.officer)
    return ref


def disbursed(county: world.World) -> str:
    ref = signed(county)
    returned = world.returned(local_date(database_now()))
    market.record_disbursement(ref, returned, by=county.bank.officer)
    return ref


def product(county: world.World) -> str:
    given = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in examples.PRODUCT.items()
    }
    return catalogue.put_product(ProductForm(**given), by=county.bank.officer)


def _on(path: str) -> str:
    return f"/bank/engagements/{path}"


def _claim(county: world.World) -> Step:
    ref = world.publish(county, county.applicant).ref
    body = {"officer": county.bank.officer.ref}
    return Step("POST", f"/bank/demands/{ref}/claim", body, {}, "engagement.claim", 201)


def _start_call(county: world.World) -> Step:
    path = _on(f"{claimed(county)}/calls")
    return Step("POST", path, None, {"x": 1}, "engagement.start_call", 201)


def _record_callback(county: world.World) -> Step:
    ref = claimed(county)
    call = market.start_call(ref, by=county.bank.officer)
    body = {"call": call.ref, "result": "connected", "duration_seconds": 60}
    path = _on(f"{ref}/callback")
    return Step("POST", path, body, {**body, "duration_seconds": 61}, "call.record")


def _release(county: world.World) -> Step:
    path = _on(f"{claimed(county)}/release")
    return Step("POST", path, REASON, {"reason": "别的"}, "engagement.release")


def _submit_plan(county: world.World) -> Step:
    other = {**examples.PLAN, "months": 7}
    path = _on(f"{called(county)}/plan")
    return Step("POST", path, examples.PLAN, other, "engagement.submit_plan", 201)


def _start_investigation(county: world.World) -> Step:
    at = [local(database_now() + timedelta(days=days)).isoformat() for days in (1, 2)]
    path = _on(f"{kept(county)}/investigation")
    first, other = ({"visit_at": one} for one in at)
    return Step("POST", path, first, other, "engagement.start_investigation")


def _report_investigation(county: world.World) -> Step:
    path = _on(f"{visiting(county)}/investigation/report")
    return Step("POST", path, None, {"x": 1}, "engagement.report_investigation")


def _submit_offer(county: world.World) -> Step:
    other = {**examples.OFFER, "valid_days": 61}
    path = _on(f"{visited(county)}/offer")
    return Step("POST", path, examples.OFFER, other, "engagement.submit_offer", 201)


def _refuse(county: world.World) -> Step:
    path = _on(f"{called(county)}/refusal")
    return Step("POST", path, {"code": "R07"}, {"code": "R05"}, "engagement.refuse")


def _record_signing(county: world.World) -> Step:
    path = _on(f"{accepted(county)}/signing")
    return Step("POST", path, HASH, {"contract_hash": "ff"}, "engagement.record_signing")


def _record_disbursement(county: world.World) -> Step:
    today = local_date(database_now())
    body = {
        "amount_fen": 10_000_000,
        "rate_ppm": 47_500,
        "due_on": str(today + timedelta(days=180)),
        "paid_out_on": str(today),
    }
    path = _on(f"{signed(county)}/disbursement")
    other = {**body, "rate_ppm": 47_501}
    return Step("POST", path, body, other, "engagement.record_disbursement")


def _put_product(county: world.World) -> Step:
    other = {**examples.PRODUCT, "name": "别的贷"}
    return Step("PUT", "/bank/products", examples.PRODUCT, other, "product_put")


def _withdraw_product(county: world.World) -> Step:
    path = f"/bank/products/{product(county)}"
    return Step("DELETE", path, None, {"x": 1}, "product_withdrawn")


def _register_webhook(county: world.World) -> Step:
    body = {"url": "http://127.0.0.1:9/hook", "events": ["demand.published"]}
    other = {**body, "events": ["demand.withdrawn"]}
    return Step("PUT", "/bank/webhook", body, other, "webhook_registered")


def _pause(county: world.World) -> Step:
    path = _on(f"{planned(county)}/pause")
    return Step("POST", path, examples.PAUSE, {"words": "别的"}, "engagement.pause", 201)


def _resume(county: world.World) -> Step:
    ref = planned(county)
    market.pause(ref, "等流转合同办下来", by=county.bank.officer)
    return Step("DELETE", _on(f"{ref}/pause"), None, {"x": 1}, "engagement.resume")


def refused(county: world.World, code: str = "R07") -> str:
    ref = called(county)
    market.refuse(ref, code, by=county.bank.officer)
    return ref


def _explain_refusal(county: world.World) -> Step:
    path = _on(f"{refused(county, '')}/refusal/reason")
    return Step("POST", path, {"code": "R07"}, {"code": "R05"}, "engagement.explain_refusal")


def objected(county: world.World) -> str:
    ref = refused(county)
    market.open_objection(ref, words="去年那笔已经还清了。", by=county.applicant)
    return ref


def _answer_objection(county: world.World) -> Step:
    path = _on(f"{objected(county)}/objection/answer")
    body = examples.OBJECTION_ANSWER
    other = {**body, "outcome": "reopened"}
    return Step("POST", path, body, other, "objection.answer", by_head=True)


def _improve_plan(county: world.World) -> Step:
    other = {**examples.PLAN, "months": 7}
    path = _on(f"{planned(county)}/plan/improvement")
    return Step("POST", path, examples.PLAN, other, "engagement.improve_plan")


def _expect_payout(county: world.World) -> Step:
    today = local_date(database_now())
    body, other = ({"pays_out_on": str(today + timedelta(days=days))} for days in (3, 4))
    path = _on(f"{signed(county)}/payout-day")
    return Step("PUT", path, body, other, "engagement.expect_payout")


def _set_aside(county: world.World) -> Step:
    path = f"/bank/demands/{world.publish(county).ref}/aside"
    return Step("PUT", path, None, {"x": 1}, "")


def _put_back(county: world.World) -> Step:
    ref = world.publish(county).ref
    market.set_aside(ref, by=county.bank.officer)
    return Step("DELETE", f"/bank/demands/{ref}/aside", None, {"x": 1}, "")


def _set_call_again(county: world.World) -> Step:
    at = [local(database_now() + timedelta(days=days)).isoformat() for days in (1, 2)]
    path = _on(f"{claimed(county)}/call-again")
    body, other = ({"again_at": one} for one in at)
    return Step("PUT", path, body, other, "engagement.set_call_again")


def _hand_over(county: world.World) -> Step:
    path = _on(f"{claimed(county)}/officer")
    body = {"officer": county.bank.head.ref}
    return Step("POST", path, body, {**body, "reason": "别的"}, "engagement.hand_over")


def _note_obstacle(county: world.World) -> Step:
    path = _on(f"{claimed(county)}/obstacle")
    other = {"words": "别的"}
    return Step("POST", path, examples.OBSTACLE, other, "engagement.note_obstacle")


def _check_papers(county: world.World) -> Step:
    path = _on(f"{called(county)}/papers")
    other = {"more": ["别的"]}
    return Step("POST", path, examples.PAPERS, other, "engagement.ask_for_documents")


def enquired(county: world.World) -> str:
    """What the applicant asked; the enquiry's reference."""
    return market.ask_bank(called(county), "要带几份流转合同？", by=county.applicant)


def _answer_enquiry(county: world.World) -> Step:
    path = f"/bank/enquiries/{enquired(county)}/answer"
    return Step("POST", path, examples.ANSWER, {"words": "别的"}, "engagement.answer_enquiry")


def _record_arrival(county: world.World) -> Step:
    path = _on(f"{visiting(county)}/investigation/arrival")
    return Step("POST", path, None, {"x": 1}, "engagement.arrive")


def photographed(county: world.World) -> str:
    """A picture of a visit; its reference."""
    photo = files.cleaned(county.bank.officer, bombs.picture("PNG", (8, 8)))
    return str(market.add_visit_photo(visiting(county), photo, by=county.bank.officer))


def _add_visit_photo(county: world.World) -> Step:
    path, picture = _on(f"{visiting(county)}/photos"), bombs.picture("JPEG", (8, 8))
    other = {"x": "1"}
    return Step("POST", path, None, other, "engagement.add_photo", 201, file=picture)


def _drop_visit_photo(county: world.World) -> Step:
    path = f"/bank/photos/{photographed(county)}"
    return Step("DELETE", path, None, {"x": 1}, "engagement.drop_photo")


def _settle(county: world.World) -> Step:
    path = _on(f"{disbursed(county)}/settlement")
    return Step("POST", path, None, {"x": 1}, "engagement.settle")


def _import_returns(county: world.World) -> Step:
    today = local_date(database_now())
    day, due = today.isoformat(), (today + timedelta(days=180)).isoformat()
    sheet = f"对接单号,放款金额,年利率,放款日,到期日\n{signed(county)},10,4.75,{day},{due}\n"
    month = {"month": f"{today:%Y-%m}"}
    other = {**month, "dry_run": "true"}
    path = "/bank/returns/sheets"
    return Step("POST", path, month, other, "return_sheet.import", file=sheet.encode())


def supervised(county: world.World) -> str:
    """A supervision record of the first bank; its reference."""
    aged(county, claimed(county), 11 * 60)
    (one, *_rest) = queries.bank_supervisions(county.bank.officer)
    return one.ref


def aged(county: world.World, ref: str, seconds: float) -> str:
    """The case, so much older, and what fell due meanwhile done."""
    case = queries.engagement(county.bank.officer, ref)
    age(case.engagement.demand_ref, seconds)
    watched.sweep()
    return ref


def _answer_supervision(county: world.World) -> Step:
    path = f"/bank/supervisions/{supervised(county)}/answer"
    other = {"words": "别的"}
    return Step("POST", path, examples.SUPERVISION_ANSWER, other, "supervision.answer")


def ordered(county: world.World) -> str:
    """A written order to the first bank; its reference."""
    aged(county, called(county), 20 * 86_400)
    due_on = local_date(database_now()) + timedelta(days=3)
    return market.issue_order(county.bank.ref, "请逐笔说明。", due_on, by=county.supervisor)


def _answer_order(county: world.World) -> Step:
    path = f"/bank/orders/{ordered(county)}/answer"
    return Step("POST", path, examples.ORDER_ANSWER, {"words": "别的"}, "order.answer")


def _set_roster(county: world.World) -> Step:
    other = {**examples.ROSTER, "until": "2026-11-24"}
    shift = {**examples.ROSTER["shifts"][0], "staff": county.bank.officer.ref}
    body = {**examples.ROSTER, "shifts": [shift]}
    return Step("PUT", "/bank/roster", body, other, "roster_set", by_head=True)


def entry(county: world.World) -> str:
    return directory.put_entry(EntryForm(**examples.ENTRY), by=county.bank.officer)


def _put_entry(county: world.World) -> Step:
    other = {**examples.ENTRY, "title": "别的"}
    return Step("PUT", "/bank/directory", examples.ENTRY, other, "directory_put")


def _withdraw_entry(county: world.World) -> Step:
    path = f"/bank/directory/{entry(county)}"
    return Step("DELETE", path, None, {"x": 1}, "directory_withdrawn")


def branch(county: world.World) -> str:
    head, given = county.bank.head, dict(examples.BRANCH)
    name, township = given.pop("name"), given.pop("township")
    return str(parties.add_branch(head.organisation_ref, name, township, **given, by=head))


def _add_branch(county: world.World) -> Step:
    other = {**examples.BRANCH, "name": "别的支行"}
    path = "/bank/branches"
    return Step("POST", path, examples.BRANCH, other, "branch_added", 201, by_head=True)


def _change_branch(county: world.World) -> Step:
    body, other = ({**examples.BRANCH, "name": name} for name in ("新名支行", "别的支行"))
    path = f"/bank/branches/{branch(county)}"
    return Step("PUT", path, body, other, "branch_changed", by_head=True)


def _close_branch(county: world.World) -> Step:
    path = f"/bank/branches/{branch(county)}"
    return Step("DELETE", path, None, {"x": 1}, "branch_closed", by_head=True)


def enterprise(county: world.World) -> str:
    """One whose legal representative the county's applicant is, and has named the next."""
    ref = parties.register_enterprise(firms.form(), by=county.applicant)
    next_ = people.applicant(world.resident(name="钱新任"))
    market.name_successor(ref, next_.name, next_.phone, by=county.applicant)
    return ref


def succession(county: world.World) -> str:
    """The county's applicant is asked to be the legal representative of another."""
    firm, person = firms.firm(), people.applicant(county.applicant)
    return market.name_successor(firm.ref, person.name, person.phone, by=firm.head)


BANK_STEPS: Steps = {
    "set_demand_aside": _set_aside,
    "put_demand_back": _put_back,
    "set_call_again": _set_call_again,
    "hand_over_engagement": _hand_over,
    "note_obstacle": _note_obstacle,
    "check_papers": _check_papers,
    "answer_enquiry": _answer_enquiry,
    "record_arrival": _record_arrival,
    "add_visit_photo": _add_visit_photo,
    "drop_visit_photo": _drop_visit_photo,
    "settle_loan": _settle,
    "import_returns": _import_returns,
    "answer_supervision": _answer_supervision,
    "answer_order": _answer_order,
    "set_roster": _set_roster,
    "put_directory_entry": _put_entry,
    "withdraw_directory_entry": _withdraw_entry,
    "add_branch": _add_branch,
    "change_branch": _change_branch,
    "close_branch": _close_branch,
    "pause_engagement": _pause,
    "resume_engagement": _resume,
    "explain_refusal": _explain_refusal,
    "answer_objection": _answer_objection,
    "improve_plan": _improve_plan,
    "expect_payout": _expect_payout,
    "claim_demand": _claim,
    "start_call": _start_call,
    "record_callback": _record_callback,
    "release_engagement": _release,
    "submit_plan": _submit_plan,
    "start_investigation": _start_investigation,
    "report_investigation": _report_investigation,
    "submit_offer": _submit_offer,
    "refuse_engagement": _refuse,
    "record_signing": _record_signing,
    "record_disbursement": _record_disbursement,
    "put_product": _put_product,
    "withdraw_product": _withdraw_product,
    "register_webhook": _register_webhook,
}
