"""Written orders about what a bank owes; where two sides do not agree the county asks again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from puhui.kernel.actor import NotAllowed
from puhui.kernel.clock import end_of_day, local_date
from puhui.kernel.command import NOT_FOUND, Refused, database_now
from puhui.market import actions, queries
from puhui.market.models import FinancingDemand, Question
from puhui.notices.models import TextMessage
from tests import world
from tests.desks import watched
from tests.market.ageing import age

pytestmark = pytest.mark.django_db


@pytest.fixture
def county() -> world.World:
    return world.build(banks=3)


def late(county: world.World, bank: int = 0) -> watched.Case:
    case = watched.called(county, bank)
    age(case.ref, 20 * 86_400)
    watched.sweep()
    return case


def test_m011_an_order_lists_what_is_late_and_only_its_bank_answers(county: world.World) -> None:
    first, second = late(county), late(county)
    late(county, 1)
    today = local_date(database_now())
    ref = actions.issue_order(county.bank.ref, "请逐笔说明", today, by=county.supervisor)
    again = actions.issue_order(county.bank.ref, "请逐笔说明", today, by=county.supervisor)
    assert again == ref, "a button pressed twice is one order"
    found = queries.order(county.bank.head, ref)
    assert {row[0] for row in found.items} == {first.ref, second.ref}
    assert (found.cases, found.due_at) == (2, end_of_day(today))
    told = TextMessage.objects.filter(code="B31")
    assert [one.phone for one in told] and "2笔" in told[0].words
    other = county.banks[1]
    for act in (
        lambda: queries.order(other.officer, ref),
        lambda: actions.answer_order(ref, "x", by=other.officer),
    ):
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.reason == NOT_FOUND
    assert queries.orders(other.officer) == ()
    with pytest.raises(Refused):
        actions.close_order(ref, by=county.supervisor)
    with pytest.raises(Refused):
        actions.answer_order(ref, "  ", by=county.bank.officer)
    actions.answer_order(ref, "明天办完", by=county.bank.officer)
    actions.close_order(ref, by=county.supervisor)
    kept = queries.order(county.supervisor, ref)
    assert (kept.answer, kept.closed_at is not None) == ("明天办完", True)
    with pytest.raises(Refused):
        actions.answer_order(ref, "改一改", by=county.bank.officer)
    for nobody in (county.deputy, county.applicant):
        with pytest.raises(NotAllowed):
            queries.orders(nobody)


def test_m011_an_order_needs_something_late_words_and_a_day_to_come(county: world.World) -> None:
    today = local_date(database_now())
    for bank, words, day, code in (
        ("B01", "x", today, "nothing_late"),
        ("B99", "x", today, "bank_unknown"),
        ("B01", " ", today, "words_empty"),
        ("B01", "x", today - timedelta(days=1), "order_due_past"),
    ):
        with pytest.raises(Refused) as refused:
            actions.issue_order(bank, words, day, by=county.supervisor)
        assert refused.value.reason.code == code


def test_m011_the_applicant_and_the_bank_are_asked_again_on_the_record(
    county: world.World,
) -> None:
    case = watched.called(county)
    actions.confirm_report(
        case.ref, "called", "no", engagement_ref=case.engagement, by=case.applicant
    )
    (row,) = queries.county_lists(county.supervisor).mismatches
    assert (row.kind, row.asked) == ("callback", ())
    actions.ask_applicant_again(case.ref, row.kind, row.engagement_ref, by=county.supervisor)
    actions.query_bank(case.ref, row.kind, row.engagement_ref, by=county.supervisor)
    assert TextMessage.objects.filter(code="S08").count() == 2
    (row,) = queries.county_lists(county.supervisor).mismatches
    assert [who for who, _at in row.asked] == ["applicant", "bank"]
    notes = queries.watched_case(county.supervisor, case.ref).notes
    assert [one.kind for one in notes] == ["asked_again_callback", "asked_bank_callback"]
    assert Question.objects.filter(kind="called", answered_at__isnull=True).exists()
    actions.confirm_report(
        case.ref, "called", "yes", engagement_ref=case.engagement, by=case.applicant
    )
    assert queries.county_lists(county.supervisor).mismatches == ()
    for kind, engagement, code in (
        ("no_return", case.engagement, "wrong_state"),
        ("callback", "999999", "not_found"),
    ):
        with pytest.raises(Refused) as refused:
            actions.ask_applicant_again(case.ref, kind, engagement, by=county.supervisor)
        assert refused.value.reason.code == code
    with pytest.raises(Refused) as refused:
        actions.query_bank(case.ref, "money_taken", case.engagement, by=county.supervisor)
    assert refused.value.reason.code == "integrity_apart"


def test_m011_three_people_on_one_phone_are_asked_about_until_ruled_on(
    county: world.World,
) -> None:
    phone = "19811112222"
    people = [world.resident(name=f"李{turn}民", phone=phone) for turn in "甲乙丙"]
    refs = [world.publish(county, one).ref for one in people[:2]]
    assert queries.county_lists(county.supervisor).mismatches == ()
    refs.append(world.publish(county, people[2]).ref)
    (row,) = queries.county_lists(county.supervisor).mismatches
    assert (row.kind, row.count, row.demand_ref) == ("shared_phone", 3, refs[-1])
    actions.settle_mismatch(refs[-1], "shared_phone", "是一家人", by=county.supervisor)
    assert queries.county_lists(county.supervisor).mismatches == ()
    FinancingDemand.objects.filter(ref=refs[-1]).update(
        published_at=database_now() - timedelta(days=31)
    )
    assert queries.county_lists(county.supervisor).mismatches == ()


def test_m011_the_order_on_both_desks(county: world.World) -> None:
    case = late(county)
    desk, bank = watched.browser(county.supervisor), watched.browser(county.bank.head)
    assert "发督办单" in watched.read(desk.get("/county/"))
    today = local_date(database_now())
    address = f"/county/banks/{county.bank.ref}/order"
    assert "请逐笔说明" in watched.read(desk.get(address))
    assert desk.post(address, {"words": "", "due_on": ""}).status_code == 422
    assert desk.post(address, {"words": "请说明", "due_on": str(today)}).status_code == 302
    (one,) = queries.orders(county.supervisor)
    page = watched.read(desk.get(f"/county/orders/{one.ref}/"))
    assert "河山县普惠金融督办单" in page and case.ref in page and "初步方案" in page
    assert f"第{one.ref}号" in watched.read(bank.get("/bank/supervisions/"))
    answer = f"/bank/orders/{one.ref}/answer"
    assert bank.post(answer, {"words": ""}).status_code == 422
    assert bank.post(answer, {"words": "今天就办"}).status_code == 302
    assert "今天就办" in watched.read(bank.get(f"/bank/orders/{one.ref}/"))
    assert desk.post(f"/county/orders/{one.ref}/close").status_code == 302
    other = watched.browser(county.banks[1].head)
    assert other.get(f"/bank/orders/{one.ref}/").status_code == 404
    assert "了结了" in watched.read(desk.get("/county/orders/"))
