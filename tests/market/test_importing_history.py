"""A migrating county's past: whole cases, judged by the lifecycles, all or none."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from puhui.consent.models import Consent
from puhui.kernel.actor import SYSTEM, NotAllowed
from puhui.kernel.command import database_now
from puhui.kernel.models import OutboxMessage, UnsealedEntry
from puhui.market import actions, queries
from puhui.market.models import Clock, Engagement, FinancingDemand, FollowUp, PastRecord, Proposal
from puhui.parties import actions as parties
from puhui.parties.terms import ImportReport, Registration
from tests import world as worlds
from tests.market.past_cases import at, case, funded, given_up, lines, step
from tests.world import World

pytestmark = pytest.mark.django_db
WHO = worlds.identity_number(901)


@pytest.fixture
def world(db: None) -> World:
    county = worlds.build(2)
    row = Registration("赵春花", WHO, "13900009999", worlds.VILLAGE)
    assert parties.import_residents([row], at=datetime(2022, 7, 5, tzinfo=UTC), by=SYSTEM).is_done
    return county


def load(world: World, *cases: dict[str, Any], **how: bool) -> ImportReport:
    return actions.import_history(lines(*cases), by=world.admin, **how)


def codes(report: ImportReport) -> list[tuple[int, str, str]]:
    return [(one.line, one.field, one.code) for one in report.errors]


def test_m028_a_past_case_stands_as_if_it_had_happened_here(world: World) -> None:
    report = load(world, case(1, funded(world), WHO), case(2, given_up(world), WHO))
    assert codes(report) == [] and (report.rows, report.created, report.is_done) == (2, 2, True)
    paid = FinancingDemand.objects.get(past__source_ref="OLD-1")
    work = paid.engagements.get()
    assert (paid.state, paid.end_reason, paid.live) == ("funded", "funded", 0)
    assert (work.state, work.callback_word, work.visit_word) == ("disbursed", "confirmed", "")
    assert (work.attempts, work.callback_late, work.holds_slot) == (1, False, False)
    assert (work.loan_return.amount_fen, work.loan_return.money_word) == (7_500_000, "confirmed")
    assert set(Proposal.objects.values_list("kind", flat=True)) == {"plan", "offer"}
    settled = dict(paid.clocks.values_list("kind", "state"))
    assert settled == {
        "callback_applicant": "met",
        "expiry": "stopped",
        "callback_bank": "met",
        "supervision_bank": "met",
        "investigation": "breached",
        "data_return": "met",
    }
    late = Clock.objects.get(kind="investigation")
    assert late.settled_at == late.due_at and late.found_at == work.kept_at - timedelta(
        minutes=70
    ) + timedelta(days=4)
    missed = FinancingDemand.objects.get(past__source_ref="OLD-2")
    assert (missed.state, missed.refusals) == ("unmet", 1)
    assert missed.clocks.get(kind="callback_bank").state == "breached"
    assert FollowUp.objects.get(demand=missed).destination == "other_bank"


def test_m028_its_timeline_tells_what_happened_and_each_bank_only_its_own(world: World) -> None:
    load(world, case(1, funded(world), WHO))
    ref = FinancingDemand.objects.get(past__source_ref="OLD-1").ref
    told = [one.action for one in queries.timeline(world.supervisor, ref)]
    assert told[0] == "financing_demand.publish" and told[-1] == "question.money"
    assert {"engagement.claim", "engagement.start_call", "engagement.record_disbursement"} <= set(
        told
    )
    assert next(one.at for one in queries.timeline(world.deputy, ref)) == datetime.fromisoformat(
        at()
    )
    own = queries.timeline(world.bank.officer, ref)
    assert {one.bank_ref for one in own} <= {"", world.bank.ref}
    from puhui.desks.shared.timeline_words import sentence_of

    now = database_now()
    assert all(sentence_of(one, now) is not None for one in own)


def test_one_journal_row_a_batch_and_nothing_goes_out(world: World) -> None:
    before = OutboxMessage.objects.count()
    load(world, case(1, funded(world), WHO), case(2, given_up(world), WHO))
    entries = [one.body for one in UnsealedEntry.objects.filter(body__contains="history_imported")]
    assert len(entries) == 1 and WHO not in entries[0] and OutboxMessage.objects.count() == before
    consent = Consent.objects.order_by("given_at").first()
    assert consent is not None and consent.given_at == datetime.fromisoformat(at())
    assert consent.valid_until == datetime.fromisoformat(at(days=6.5)) + timedelta(days=30)


def test_a_case_changed_behind_the_journal_is_found(world: World) -> None:
    load(world, case(1, funded(world), WHO), case(2, given_up(world), WHO))
    assert set(queries.past_batches_hold(SYSTEM).values()) == {True}
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE market_pastrecord SET events = jsonb_set(events, '{0,0}', '\"2023-05-09\"')"
            " WHERE source_ref = 'OLD-2'"
        )
    assert set(queries.past_batches_hold(SYSTEM).values()) == {False}


def test_the_same_file_again_changes_nothing_and_a_changed_case_is_refused(world: World) -> None:
    first = case(1, funded(world), WHO)
    load(world, first)
    again = load(world, first, case(2, given_up(world), WHO))
    assert (again.created, again.same, again.is_done) == (1, 1, True)
    changed = load(world, case(1, given_up(world), WHO), case(3, given_up(world), WHO))
    assert codes(changed) == [(1, "source_ref", "source_ref_taken")]
    assert PastRecord.objects.count() == 2


def without(steps: list[dict[str, Any]], *whats: str) -> list[dict[str, Any]]:
    return [one for one in steps if one["what"] not in whats]


def test_every_case_that_cannot_be_is_named_with_its_line_and_nothing_is_written(
    world: World,
) -> None:
    good, later = funded(world), database_now() + timedelta(days=1)
    rich = [{**one, "facts": {**one["facts"], "amount_fen": 9_000_000}} if one["what"] == "pay_out" else one for one in good]  # fmt: skip
    wrong = [
        (case(1, good[1:], WHO), "first_step"),
        (case(2, without(good, "claim"), WHO), "step_not_allowed"),
        (case(3, without(good, "accept"), WHO), "step_not_allowed"),
        (case(4, without(good, "plan", "offer"), WHO), "step_not_allowed"),
        (case(5, [good[0], good[2], good[1]], WHO), "step_not_allowed"),
        (case(6, [*good[:3], {**good[4], "at": at(2)}], WHO), "step_out_of_order"),
        (case(7, [good[0], step("withdraw", later.isoformat(), reason="too_dear")], WHO), "step_in_future"),
        (case(8, [*good, step("withdraw", at(days=8), reason="too_dear")], WHO), "step_not_allowed"),
        (case(9, rich, WHO), "sums_differ"),
        (case(10, [step("publish", at(), due={"investigation": at(5)})], WHO), "due_bad"),
        (case(11, [step("publish", at(), due={"expiry": at(-5)})], WHO), "due_bad"),
        (case(12, good, worlds.identity_number(77)), "resident_unknown"),
        (case(13, good, WHO, amount_fen=1), "amount_too_small"),
        (case(14, [*good[:2], step("dance", at(9), world)], WHO), "step_unknown"),
        (case(15, [*good[:2], step("call", at(9), world, result="maybe")], WHO), "fact_bad"),
        (case(16, [*good[:2], {**good[1], "at": at(3)}], WHO), "step_not_allowed"),
        (case(17, [good[0], {**good[1], "bank": "B99", "officer": ""}], WHO), "bank_unknown"),
        (case(18, [good[0], {**good[1], "officer": "9999"}], WHO), "officer_unknown"),
        (case(19, [step("publish", "2020-01-01T08:00:00+08:00")], WHO), "registered_later"),
        (case(20, [step("publish", "2023-05-08T08:00:00")], WHO), "field_bad"),
        (case(21, good, WHO, colour="red"), "field_unknown"),
        (case(22, good, WHO, amount_fen=1.5), "line_not_json"),
    ]  # fmt: skip
    report = load(world, *(one for one, _code in wrong))
    found = {(line, code) for line, _field, code in codes(report)}
    assert {(line, code) for line, (_one, code) in enumerate(wrong, 1)} <= found
    assert not report.is_done and not FinancingDemand.objects.exists()
    assert not UnsealedEntry.objects.filter(body__contains="history_imported").exists()
    assert all(WHO not in one.sentence for one in report.errors)


def test_one_wrong_case_keeps_all_others_out_and_a_dry_run_writes_nothing(world: World) -> None:
    report = load(world, case(1, funded(world), WHO), case(1, given_up(world), WHO))
    assert codes(report) == [(2, "source_ref", "source_ref_twice")]
    dry = load(world, case(1, funded(world), WHO), dry_run=True)
    assert (dry.created, dry.is_done, FinancingDemand.objects.count()) == (1, False, 0)
    assert actions.import_history(b"\xff\xfe\x00", by=world.admin).error_count == 1
    assert actions.import_history(b"[1]\n{\n", by=world.admin).error_count == 2


def test_an_open_case_goes_on_here_and_its_deadlines_are_the_given_ones(world: World) -> None:
    due = database_now() + timedelta(days=2)
    keep = step("keep", at(70), world, due={"investigation": due.isoformat()})
    steps = [*funded(world)[:5], keep]
    load(world, case(1, steps, WHO))
    work = Engagement.objects.get()
    clock = work.clocks.get(kind="investigation")
    assert (work.state, work.holds_slot, work.demand.live) == ("kept", True, 1)
    assert (clock.state, clock.due_at, clock.working_days) == ("running", due, None)
    actions.start_investigation(work.ref, due - timedelta(hours=3), by=world.bank.officer)
    actions.report_investigation(work.ref, by=world.bank.officer)
    clock.refresh_from_db()
    assert clock.state == "met"


def test_only_the_county_s_administrator_brings_a_past(world: World) -> None:
    for actor in (world.supervisor, world.bank.head, world.deputy, world.applicant):
        with pytest.raises(NotAllowed):
            actions.import_history(b"", by=actor)
