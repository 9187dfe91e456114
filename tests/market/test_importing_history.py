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


def _of(world: World, *steps: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A case of these steps after its publication and first claim."""
    good = funded(world)
    return case(1, [good[0], good[1], *steps], WHO, **more)


def _second(world: World) -> dict[str, str]:
    """The second bank, as a step names it."""
    return {"bank": world.banks[1].ref, "officer": world.banks[1].officer.ref}


def test_every_rule_of_a_step_has_its_case(world: World) -> None:
    good, other = funded(world), _second(world)
    claim, call = {**good[1], "due": {}}, good[2]
    paid = {"amount_fen": 7_500_000, "rate_ppm": 48_000, "paid_out_on": "2023-05-14"}
    plan = {"amount_fen": 8_000_000, "rate_ppm": 48_000, "months": 12, "method": "equal_instalment"}
    to_offer = [*good[2:8]]
    signed_twice = [
        *good[2:11],
        {**claim, **other, "at": at(days=6.1)},
        {**call, **other, "at": at(days=6.1)},
        step("offer", at(days=6.2), **plan, valid_until=at(days=35)) | other,
        step("accept", at(days=6.3)) | other,
        step("sign", at(days=6.4)) | other,
    ]
    refused = [call, step("refuse", at(20), world, code="R02")]
    wrong = [
        (case(1, good, WHO, source_ref=""), "source_ref_bad"),
        (case(1, good, WHO, consent_method="shouted"), "field_bad"),
        (_of(world, good[0] | {"at": at(2)}), "first_step"),
        (_of(world, directed_bank=world.bank.ref), "step_not_allowed"),
        (
            case(1, [good[0], {**claim, "what": "direct"}], WHO, directed_bank=other["bank"]),
            "step_not_allowed",
        ),
        (case(1, [good[0], {**claim, "what": "direct"}], WHO), "step_not_allowed"),
        (_of(world, *refused, {**claim, "at": at(21)}), "step_not_allowed"),
        (_of(world, *signed_twice), "step_not_allowed"),
        (
            _of(world, *good[2:11], step("withdraw", at(days=6.2), reason="too_dear")),
            "step_not_allowed",
        ),
        (_of(world, call, step("expire", at(days=31))), "step_not_allowed"),
        (_of(world, *refused, step("documents", at(21), world, words="户口本")), "step_not_allowed"),
        (
            _of(world, step("answer", at(3), world, question="called", answer="yes")),
            "step_not_allowed",
        ),
        (_of(world, call, step("destination", at(9), destination="other_bank")), "step_not_allowed"),
        (
            case(1, [*given_up(world), step("destination", at(days=31), destination="other_bank")], WHO),
            "step_not_allowed",
        ),
        (
            case(1, [*good, step("destination", at(days=31), destination="other_bank")], WHO),
            "step_not_allowed",
        ),
        (_of(world, *refused, {**call, "at": at(22)}), "step_not_allowed"),
        (
            _of(world, *good[2:11], step("pay_out", at(days=6.5), world, due_on="2024-05-14", **(paid | {"paid_out_on": "2023-05-15"}))),
            "fact_bad",
        ),
        (_of(world, *good[2:11], step("pay_out", at(days=6.5), world, due_on="2023-05-14", **paid)), "fact_bad"),
        (_of(world, call, step("refuse", at(20), world, code="R15")), "fact_bad"),
        (case(1, [step("publish", at(), clock_start_at=at(-1))], WHO), "fact_bad"),
        (case(1, [step("publish", at(), clock_start_at=at(days=8))], WHO), "fact_bad"),
        (_of(world, *to_offer, step("offer", at(days=5), world, **plan, valid_until=at(days=5))), "fact_bad"),
        (_of(world, call, step("plan", at(60), world, **(plan | {"months": True}))), "fact_bad"),
        (_of(world, call, step("refuse", at(20), world, code="R15", words="a\x00b")), "fact_bad"),
        (_of(world, call, step("plan", at(60), world, **plan), step("keep", at(70), world, why="x")), "fact_bad"),
        (case(1, [], WHO), "field_bad"),
        (case(1, [good[0]] * 201, WHO), "field_bad"),
        (_of(world, {**call, "colour": "red"}), "field_unknown"),
        (case(1, good, WHO, story="长" * 200_001), "line_not_json"),
    ]  # fmt: skip
    for number, (one, code) in enumerate(wrong):
        report = load(world, one)
        assert code in {told.code for told in report.errors}, (number, codes(report))
    assert not FinancingDemand.objects.exists()


def test_slots_are_three_and_one_where_one_bank_was_asked(world: World) -> None:
    good = funded(world)
    four = [
        {**good[1], "bank": f"B{number:02d}", "officer": "", "at": at(number)}
        for number in (1, 2, 3, 4)
    ]
    for number in (3, 4):
        parties.create_organisation(f"再加{number}号银行", "bank", ref=f"B{number:02d}", by=SYSTEM)
    assert load(world, case(1, [good[0], *four[:3]], WHO)).is_done
    assert codes(load(world, case(2, [good[0], *four], WHO))) == [(1, "what", "slots_full")]
    assert FinancingDemand.objects.get().live == 3


def test_what_a_released_bank_takes_again_is_its_second_work(world: World) -> None:
    good = funded(world)
    again = [
        *good[:2],
        step("release", at(3), world, words="住得太远"),
        {**good[1], "at": at(4), "due": {}},
        {**good[2], "at": at(5)},
    ]
    assert codes(load(world, case(1, again, WHO))) == []
    first, second = Engagement.objects.order_by("claimed_at")
    assert (first.state, first.attempts, second.state, second.attempts) == (
        "released",
        0,
        "called_back",
        1,
    )


def test_three_calls_in_vain_are_a_call_made_and_nobody_was_reached(world: World) -> None:
    tries = [step("call", at(n), world, result="no_answer") for n in (2, 3, 9)]
    assert codes(load(world, _of(world, *tries))) == []
    work = Engagement.objects.get()
    assert (work.state, work.attempts, work.callback_word) == ("called_back", 3, "")
    punctual = list(work.calls.order_by("number").values_list("is_on_time", flat=True))
    assert punctual == [True, True, True] and not work.callback_late
    late = [step("call", at(8), world, result="connected", duration_seconds=9)]
    assert codes(load(world, {**_of(world, *late), "source_ref": "OLD-9"})) == []
    tardy = Engagement.objects.exclude(pk=work.pk).get()
    assert tardy.callback_late and not tardy.calls.get().is_on_time


def test_a_deadline_met_to_the_second_is_met_and_one_that_passed_is_breached(
    world: World,
) -> None:
    good = funded(world)
    assert codes(load(world, _of(world, {**good[2], "at": at(6)}))) == []
    clocks = dict(Clock.objects.values_list("kind", "state"))
    assert clocks["callback_bank"] == "met", "called when the five minutes were just over"
    assert clocks["expiry"] == "breached", "nobody settled it, and its day is past"


def test_a_case_asked_of_one_bank_is_that_banks_alone(world: World) -> None:
    good = funded(world)
    start = step("publish", at(), clock_start_at=at(30))
    one = case(1, [start, {**good[1], "what": "direct"}], WHO, directed_bank=world.bank.ref)
    two = case(2, [good[0]], WHO)
    assert codes(load(world, one, two)) == []
    asked, open_ = (FinancingDemand.objects.get(past__source_ref=ref) for ref in ("OLD-1", "OLD-2"))
    named = {row.pk: [r["ref"] for r in row.recipients] for row in Consent.objects.all()}
    assert named[asked.consent_id] == [world.bank.ref]
    assert set(named[open_.consent_id]) == {one.ref for one in world.banks}
    assert (asked.slots, asked.contact_code) == (1, asked.ref[-4:])
    work = asked.engagements.get()
    assert work.is_directed and work.clock_start_at == datetime.fromisoformat(at(30))


def test_blank_lines_are_passed_over_and_who_spoke_is_told(world: World) -> None:
    content = b"\n" + lines(case(1, funded(world), WHO)) + b"\n\n"
    assert actions.import_history(content, by=world.admin).is_done
    ref = FinancingDemand.objects.get().ref
    told = {one.action: one.role for one in queries.timeline(world.supervisor, ref)}
    assert (told["question.money"], told["engagement.claim"]) == ("resident", "loan_officer")


def test_a_sum_changed_behind_the_journal_is_found(world: World) -> None:
    load(world, case(1, funded(world), WHO))
    FinancingDemand.objects.update(amount_fen=9_000_000)
    assert set(queries.past_batches_hold(SYSTEM).values()) == {False}


def test_a_batch_that_is_gone_is_missed(world: World) -> None:
    load(world, case(1, funded(world), WHO))
    PastRecord.objects.all().delete()
    assert set(queries.past_batches_hold(SYSTEM).values()) == {False}
