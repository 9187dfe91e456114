"""What the monitoring centre's five lists hold, and that a figure is the count of its cases."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from puhui.kernel.actor import SYSTEM, NotAllowed
from puhui.kernel.clock import local_date
from puhui.kernel.command import NOT_FOUND, Refused, database_now
from puhui.market import actions, queries
from puhui.market.models import CallAttempt, Clock, Engagement, LoanReturn, Question
from puhui.market.queries.case_lists import CaseFilter
from puhui.market.queries.ledger import LedgerFilter
from puhui.notices import queries as notices
from puhui.parties import actions as parties
from tests import world
from tests.desks import watched
from tests.market.ageing import age, stop_the_clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def county() -> world.World:
    return world.build(banks=3)


def lists(county: world.World) -> queries.CountyLists:
    return queries.county_lists(county.supervisor)


def test_m011_at_9_59_nobody_is_supervised_and_at_10_01_officer_and_head_are(
    county: world.World,
) -> None:
    stop_the_clock()
    case = watched.claimed(county)
    age(case.ref, 599)
    watched.sweep()
    assert lists(county).overdue == ()
    assert queries.supervision_ledger(county.supervisor, LedgerFilter()).total == 0
    age(case.ref, 2)
    watched.sweep()
    (bank,) = lists(county).overdue
    assert (bank.bank_ref, bank.nth_today) == (county.bank.ref, 1)
    assert [one.demand_ref for one in bank.cases] == [case.ref]
    (record,) = queries.supervision_ledger(county.supervisor, LedgerFilter()).rows
    assert {step.kind for step in record.steps} == {"told_officer", "told_head"}
    assert {step.to_ref for step in record.steps} == {county.bank.officer.ref, county.bank.head.ref}
    codes = [
        {line.code for line in notices.inbox(person) if line.subject_ref == case.ref}
        for person in (county.bank.officer, county.bank.head)
    ]
    assert "B04" in codes[0]
    assert "B05" in codes[1]


def test_overdue_banks_stand_by_how_late_they_are_and_leave_once_somebody_is_reached(
    county: world.World,
) -> None:
    watched.overdue(county, 0, seconds=700)
    latest = watched.overdue(county, 1, seconds=1200)
    watched.overdue(county, 0, seconds=650)
    banks = lists(county).overdue
    assert [bank.bank_ref for bank in banks] == ["B02", "B01"]
    assert [len(bank.cases) for bank in banks] == [1, 2]
    assert banks[1].nth_today == 2
    officer = county.banks[1].officer
    call = actions.start_call(latest.engagement, by=officer)
    actions.record_callback(latest.engagement, call.ref, "connected", by=officer)
    assert [bank.bank_ref for bank in lists(county).overdue] == ["B01"]


def test_a_supervision_call_stands_in_the_ledger_with_its_promise(county: world.World) -> None:
    watched.overdue(county)
    ref = lists(county).overdue[0].cases[0].supervision_ref
    by = database_now() + timedelta(minutes=10)
    actions.log_supervision(
        ref, to="马*（行长）", words="马上打", promised_at=by, by=county.supervisor
    )
    actions.answer_supervision(ref, "经理在外面跑，刚看到", by=county.bank.officer)
    case = lists(county).overdue[0].cases[0]
    assert (case.phoned, case.answer, case.promised_at) == (1, "经理在外面跑，刚看到", by)
    record = queries.supervision_record(county.supervisor, ref)
    assert [step.kind for step in record.steps][-2:] == ["phoned", "answer"]


def test_the_ledger_is_narrowed_and_paged(county: world.World) -> None:
    for bank in (0, 1, 0):
        watched.overdue(county, bank)
    asker = county.supervisor
    page = queries.supervision_ledger(asker, LedgerFilter(), limit=2)
    assert (page.total, len(page.rows)) == (3, 2)
    rest = queries.supervision_ledger(asker, LedgerFilter(), limit=2, before=page.next_before)
    assert len({row.ref for row in (*page.rows, *rest.rows)}) == 3
    assert rest.next_before == ""
    assert queries.supervision_ledger(asker, LedgerFilter(bank="B02")).total == 1
    assert queries.supervision_ledger(asker, LedgerFilter(state="open")).total == 3
    assert queries.supervision_ledger(asker, LedgerFilter(state="answered")).total == 0
    tomorrow = local_date(database_now()) + timedelta(days=1)
    assert queries.supervision_ledger(asker, LedgerFilter(since=tomorrow)).total == 0
    with pytest.raises(Refused) as refused:
        queries.supervision_record(asker, "999999")
    assert refused.value.reason == NOT_FOUND


def test_a_case_nobody_claims_is_pushed_to_the_bank_of_its_village(county: world.World) -> None:
    case = watched.unclaimed(county)
    (row,) = lists(county).unclaimed
    assert (row.demand_ref, row.village) == (case.ref, "东湾村")
    with pytest.raises(Refused):
        actions.push_to_responsible_bank(case.ref, by=county.supervisor)
    parties.set_village_banks([(world.VILLAGE, county.banks[2].ref)], by=SYSTEM)
    assert actions.push_to_responsible_bank(case.ref, by=county.supervisor) == "试验三号银行"
    told = [
        one.code for one in notices.inbox(county.banks[2].officer) if one.subject_ref == case.ref
    ]
    assert "B01" in told
    actions.claim(case.ref, by=county.banks[2].officer)
    assert lists(county).unclaimed == ()


def test_a_case_is_handed_to_a_deputy_whose_bank_does_not_compete(county: world.World) -> None:
    case = watched.unclaimed(county)
    (row,) = lists(county).unclaimed
    assert actions.hand_to_township(row.follow_up_ref, by=county.supervisor) == county.deputy.ref
    (followed,) = queries.watched_case(county.supervisor, case.ref).open_follow_ups
    assert followed.owner_masked == "陈*长"
    far = watched.unclaimed(county, village=world.OTHER_VILLAGE)
    row = next(one for one in lists(county).unclaimed if one.demand_ref == far.ref)
    assert actions.hand_to_township(row.follow_up_ref, by=county.supervisor) == (
        county.other_deputy.ref
    )


def test_what_a_bank_owes_past_its_day_is_one_row(county: world.World) -> None:
    first, second = watched.called(county), watched.called(county)
    for case in (first, second):
        age(case.ref, 20 * 86_400)
        watched.sweep()
    (bank,) = lists(county).stalled
    assert (bank.bank_ref, bank.cases, bank.plan) == (county.bank.ref, 2, 2)
    page = queries.cases(county.supervisor, CaseFilter(bank=bank.bank_ref, late="any"))
    assert page.total == bank.cases
    actions.submit_plan(first.engagement, world.PLAN, by=county.bank.officer)
    assert lists(county).stalled[0].plan == 1


def test_words_that_do_not_agree_wait_for_the_countys_finding(county: world.World) -> None:
    denied = watched.called(county)
    short = watched.called(county, seconds=8)
    watched.called(county, seconds=10)
    actions.confirm_report(
        denied.ref, "called", "no", engagement_ref=denied.engagement, by=denied.applicant
    )
    found = {(one.kind, one.demand_ref) for one in lists(county).mismatches}
    assert found == {("callback", denied.ref), ("short_call", short.ref)}
    actions.settle_mismatch(denied.ref, "short_call", "不相干", by=county.supervisor)
    assert len(lists(county).mismatches) == 2
    actions.settle_mismatch(denied.ref, "callback", "银行打的是旧号", by=county.supervisor)
    assert [one.kind for one in lists(county).mismatches] == ["short_call"]
    notes = queries.watched_case(county.supervisor, denied.ref).notes
    assert notes[-1].words == "银行打的是旧号"


def test_somebody_took_money_stands_apart_and_first(county: world.World) -> None:
    short = watched.called(county, seconds=3)
    case = watched.called(county)
    actions.refuse(case.engagement, "R07", by=county.bank.officer)
    actions.rate_service(case.engagement, money_taken=True, speed=1, by=case.applicant)
    shown = lists(county)
    assert [one.demand_ref for one in shown.integrity] == [case.ref]
    assert [one.demand_ref for one in shown.mismatches] == [short.ref]


def test_a_mismatch_is_ruled_on_with_words_or_not_at_all(county: world.World) -> None:
    case = watched.called(county, seconds=8)
    with pytest.raises(Refused) as refused:
        actions.settle_mismatch(case.ref, "short_call", "  ", by=county.supervisor)
    assert refused.value.errors[0].field == "words"
    with pytest.raises(Refused) as refused:
        actions.settle_mismatch(case.ref, "gossip", "x", by=county.supervisor)
    assert refused.value.reason == NOT_FOUND


def test_m009_the_rate_keeps_three_words_apart_and_opens_its_cases(county: world.World) -> None:
    told = [watched.called(county) for _ in range(3)]
    for case, answer in zip(told, ("yes", "no"), strict=False):
        actions.confirm_report(
            case.ref, "called", answer, engagement_ref=case.engagement, by=case.applicant
        )
    late = watched.overdue(county, 1)
    watched.published(county)
    figures = lists(county).figures
    assert (figures.new, figures.judged, figures.waiting) == (5, 4, 2)
    assert (figures.confirmed, figures.self_reported, figures.denied, figures.late) == (1, 1, 1, 1)
    today = local_date(database_now())
    for word, case in zip(
        ("confirmed", "denied", "self_reported", "late"), (*told, late), strict=True
    ):
        wanted = CaseFilter(callback=word, since=today, until=today)
        page = queries.cases(county.supervisor, wanted)
        assert [row.ref for row in page.rows] == [case.ref], word
    assert queries.cases(county.supervisor, CaseFilter(waiting=True)).total == figures.waiting


def test_every_figure_of_a_bank_is_the_count_of_its_cases(county: world.World) -> None:
    case = watched.called(county)
    actions.confirm_report(
        case.ref, "called", "yes", engagement_ref=case.engagement, by=case.applicant
    )
    watched.called(county)
    watched.overdue(county)
    gone = watched.claimed(county)
    actions.release(gone.engagement, "不归我们管", by=county.bank.officer)
    watched.called(county, 1)
    today = local_date(database_now())
    first, second, third = queries.bank_figures(county.supervisor, since=today, until=today)
    assert (first.taken, first.confirmed, first.self_reported, first.late) == (4, 1, 1, 1)
    assert (first.judged, first.supervised, first.open) == (3, 1, 3)
    assert (second.taken, third.taken) == (1, 0)

    def count(**facts: object) -> int:
        wanted = CaseFilter(bank=first.bank_ref, since=today, until=today, **facts)  # type: ignore[arg-type]
        return queries.cases(county.supervisor, wanted).total

    assert count() == first.taken
    for word in ("confirmed", "self_reported", "denied", "late", "judged"):
        assert count(callback=word) == getattr(first, word), word
    assert count(supervised=True) == first.supervised
    assert count(open_at_bank=True) == first.open


def test_cases_are_paged_without_a_gap_and_scoped_to_the_asker(county: world.World) -> None:
    refs = [watched.published(county).ref for _ in range(5)]
    far = watched.published(county, world.OTHER_VILLAGE)
    seen: list[str] = []
    before = ""
    while True:
        page = queries.cases(county.supervisor, CaseFilter(), limit=2, before=before)
        seen += [row.ref for row in page.rows]
        before = page.next_before
        if not before:
            break
    assert seen == [far.ref, *reversed(refs)]
    assert queries.cases(county.deputy, CaseFilter()).total == 5
    assert queries.cases(county.deputy, CaseFilter(), before=far.ref).rows == ()
    assert queries.cases(county.supervisor, CaseFilter(ref=far.ref)).total == 1
    assert queries.cases(county.supervisor, CaseFilter(township=world.OTHER_TOWNSHIP)).total == 1
    with pytest.raises(NotAllowed):
        queries.cases(county.bank.officer, CaseFilter())


def test_m008_a_published_demand_stands_at_county_bank_and_township(county: world.World) -> None:
    sent = watched.published(county)
    assert queries.cases(county.supervisor, CaseFilter()).rows[0].ref == sent.ref
    assert queries.cases(county.deputy, CaseFilter()).rows[0].ref == sent.ref
    assert queries.open_demands(county.bank.officer)[0].ref == sent.ref
    assert queries.cases(county.other_deputy, CaseFilter()).total == 0


def test_the_county_knows_a_reason_except_those_for_the_applicant_alone(
    county: world.World,
) -> None:
    case = watched.published(county)
    watched.refused(county, 0, case.ref, "R04", "不告诉别人")
    watched.refused(county, 1, case.ref, "R07")
    engagements = queries.watched_case(county.supervisor, case.ref).engagements
    assert [one.refusal_code for one in engagements] == ["", "R07"]
    assert "不告诉别人" not in repr(engagements)
    engagements = queries.watched_case(county.deputy, case.ref).engagements
    assert [one.refusal_code for one in engagements] == ["", ""]


def test_the_lists_cost_the_same_however_many_cases_there_are(county: world.World) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as caught:
            lists(county)
        return len(caught)

    def one_of_each() -> None:
        watched.unclaimed(county)
        watched.overdue(county)
        case = watched.called(county, seconds=3)
        actions.refuse(case.engagement, "R07", by=county.bank.officer)
        actions.rate_service(case.engagement, money_taken=True, by=case.applicant)
        late = watched.called(county, 1)
        age(late.ref, 20 * 86_400)
        watched.sweep()

    one_of_each()
    before = cost()
    one_of_each()
    one_of_each()
    assert cost() == before <= 15


def test_the_rules_show_what_changed_and_which_year_is_missing(county: world.World) -> None:
    actions.set_clock_rules({"callback_seconds": 240}, by=county.admin)
    rules = queries.county_rules(county.supervisor)
    assert rules.limits.callback_seconds == 240
    assert rules.history[0].changes == (("callback_seconds", 300, 240),)
    assert rules.history[0].set_by == county.admin.ref
    soon = (local_date(rules.now) + timedelta(days=183)).year
    loaded = {one.year for one in rules.years}
    assert rules.missing_years == tuple(sorted({local_date(rules.now).year, soon} - loaded))
    assert all(240 <= one.working_days <= 260 for one in rules.years)


def test_each_side_stands_with_its_own_time(county: world.World) -> None:
    denied, short = watched.called(county), watched.called(county, 1, seconds=8)
    actions.confirm_report(
        denied.ref, "called", "no", engagement_ref=denied.engagement, by=denied.applicant
    )
    bare = watched.called(county, 2)
    now = database_now()
    of = Engagement.objects.select_related("bank")
    of.filter(ref=bare.engagement).update(state="refused", holds_slot=False, ended_at=now)
    unpaid, unreturned = watched.funded(county), watched.funded(county)
    returned = LoanReturn.objects.get(engagement__demand__ref=unpaid.ref)
    returned.money_word, returned.money_word_at = "denied", now
    returned.save()
    LoanReturn.objects.filter(engagement__demand__ref=unreturned.ref).update(
        money_word="confirmed", money_word_at=now, returned_at=None
    )
    call = CallAttempt.objects.get(engagement__ref=short.engagement)
    answer = Question.objects.get(engagement__ref=denied.engagement, kind="called")
    banks = {one.ref: one.bank.name for one in of}
    called_back = of.get(ref=denied.engagement).called_back_at
    expected = {
        ("callback", denied.ref, denied.engagement, answer.answered_at, called_back, None),
        ("short_call", short.ref, short.engagement, call.recorded_at, call.started_at, 8),
        ("no_reason", bare.ref, bare.engagement, now, now, None),
        ("money", unpaid.ref, unpaid.engagement, now, returned.returned_at, None),
        ("no_return", unreturned.ref, unreturned.engagement, now, None, None),
    }
    rows = lists(county).mismatches
    assert {
        (one.kind, one.demand_ref, one.engagement_ref, one.said_at, one.recorded_at, one.seconds)
        for one in rows
    } == expected
    assert all(one.bank_name == banks[one.engagement_ref] for one in rows)
    said = [one.said_at for one in rows]
    assert said == sorted(said)


def test_a_bank_that_waits_for_the_customer_is_counted_so(county: world.World) -> None:
    for n, (bank, missing) in enumerate([(0, ""), (0, "流转合同"), (1, "")]):
        case = watched.called(county, bank)
        one = Engagement.objects.get(ref=case.engagement)
        one.missing_words = missing
        one.save()
        age(case.ref, (20 + n) * 86_400)
        watched.sweep()
    found = {one.bank_ref: (one.cases, one.for_the_customer) for one in lists(county).stalled}
    assert found == {"B01": (2, 1), "B02": (1, 0)}
    first = lists(county).stalled[0]
    assert (first.bank_ref, first.plan, first.decision) == ("B01", 2, 0)
    late = Clock.objects.filter(state="breached", kind="plan", engagement__bank__ref="B01")
    assert first.oldest_due_at == min(one.due_at for one in late if one.due_at)
