"""Who has what, who sees whom, and the bank's own figures."""

import io
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from puhui.kernel import journal
from puhui.kernel.actor import Actor, Role
from puhui.kernel.clock import local_date
from puhui.kernel.command import NOT_FOUND, Refused, database_now
from puhui.market import actions, queries
from puhui.market.models import Engagement
from puhui.market.queries import bank_team
from puhui.market.terms import Refusals
from tests import world
from tests.desks.bank.cases import walk
from tests.desks.watched import browser, overdue, read

pytestmark = pytest.mark.django_db


def colleague(county: world.World) -> Actor:
    """An officer of the first bank who is not on duty."""
    return world.staff(county.bank.ref, "孙客户", Role.LOAN_OFFICER)


def off_duty(county: world.World, head: bool = False) -> Actor:
    return world.staff(
        county.bank.ref,
        "吴行长" if head else "郑客户",
        Role.BANK_ADMIN if head else Role.LOAN_OFFICER,
    )


def refusal(act: Any) -> Any:
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.reason


def test_contact_data_goes_to_who_has_the_case_and_who_is_on_duty_only() -> None:
    county = world.build()
    case = walk(county, "investigating")
    other, head = colleague(county), off_duty(county, head=True)
    assert actions.view_contact(case.engagement, by=county.bank.officer).phone
    assert actions.view_contact(case.engagement, by=county.bank.head).phone  # on duty
    for by in (other, head):
        look = refusal(lambda by=by: actions.view_contact(case.engagement, by=by))
        assert look is Refusals.CONTACT_NOT_YOURS
        page = read(browser(by).get(f"/bank/engagements/{case.engagement}/"))
        assert (
            "接手的人才看得到村" in page and "东湾" not in page and "看全名、全号留痕" not in page
        )
        for path in ("/bank/", "/bank/engagements/", "/bank/engagements.csv"):
            assert "东湾" not in browser(by).get(path).content.decode()
        dial = browser(by).post(f"/bank/engagements/{case.engagement}/dial")
        assert dial.status_code == 409 and "赵大勇" not in dial.content.decode()
    assert (
        refusal(lambda: actions.view_contact(case.engagement, by=county.banks[1].head)) is NOT_FOUND
    )


def test_a_case_handed_over_takes_the_right_to_call_with_it() -> None:
    county = world.build()
    case = walk(county, "investigating")
    other, head = colleague(county), off_duty(county, head=True)
    answer = browser(head).post(
        f"/bank/engagements/{case.engagement}/hand-over", {"officer": other.ref, "reason": "休假"}
    )
    assert answer.status_code == 302
    assert actions.view_contact(case.engagement, by=other).name == "赵大勇"
    assert "东湾" in read(browser(other).get(f"/bank/engagements/{case.engagement}/"))
    entry = [
        e for e in journal.timeline([("demand", case.ref)]) if e.action == "engagement.hand_over"
    ]
    assert entry[0].facts["officer_to"] == other.ref and "休假" not in str(entry[0].facts)
    story = read(browser(other).get(f"/bank/engagements/{case.engagement}/"))
    assert f"吴*长把这一单转给工号{other.ref}" in story and "休假" in story
    applicants = read(browser(county.supervisor).get(f"/county/cases/{case.ref}/"))
    assert "转给工号" in applicants


def test_only_the_head_the_officer_in_charge_and_who_is_on_duty_hand_a_case_over() -> None:
    county = world.build()
    case = walk(county, "kept")
    one, two = colleague(county), off_duty(county)
    stranger = county.banks[1].officer

    def hand(to: Actor, by: Actor) -> Any:
        return refusal(lambda: actions.hand_over(case.engagement, to.ref, by=by))

    assert hand(two, one) is Refusals.HAND_OVER_NOT_YOURS
    assert hand(stranger, county.bank.head) is Refusals.OFFICER_UNKNOWN
    assert hand(county.bank.officer, county.bank.head) is Refusals.OFFICER_SAME
    assert hand(one, stranger) is NOT_FOUND
    actions.hand_over(case.engagement, one.ref, by=county.bank.officer)
    actions.hand_over(case.engagement, two.ref, by=one)
    assert Engagement.objects.get().officer_id == two.person
    assert hand(two, one) is Refusals.HAND_OVER_NOT_YOURS
    actions.refuse(case.engagement, "R07", by=county.bank.head)
    assert hand(one, county.bank.head) is Refusals.STATE


def test_the_team_page_counts_by_what_is_owed_and_hands_on_from_there() -> None:
    county = world.build()
    other = colleague(county)
    kept = walk(county, "kept")
    walk(county, "called_back")
    overdue(county)
    actions.hand_over(kept.engagement, other.ref, by=county.bank.officer)
    found = {one.ref: one for one in queries.team(county.bank.officer).officers}
    mine, theirs = found[county.bank.officer.ref], found[other.ref]
    assert (mine.to_call, mine.to_answer, mine.to_visit, mine.live) == (1, 1, 0, 2)
    assert (theirs.to_visit, theirs.live, theirs.is_on_duty) == (1, 1, False)
    assert mine.late == 1 and mine.is_on_duty
    page = browser(county.bank.head).get(f"/bank/team/?officer={other.ref}")
    assert kept.ref in page.content.decode()
    assert f"/bank/engagements/{kept.engagement}/hand-over" in page.content.decode()
    assert county.banks[1].officer.ref not in page.content.decode()
    assert queries.team(county.banks[1].officer).unassigned.live == 0


def test_the_teams_statements_do_not_grow_with_the_cases() -> None:
    county = world.build()
    walk(county, "kept")
    with CaptureQueriesContext(connection) as few:
        queries.team(county.bank.officer)
    for _ in range(3):
        colleague(county)
        walk(county, "called_back")
    with CaptureQueriesContext(connection) as many:
        queries.team(county.bank.officer)
    assert len(many) == len(few) <= 5


def month(actor: Actor) -> Any:
    today = local_date(database_now())
    return queries.own_figures(actor, today, today)


def test_own_figures_keep_confirmed_self_reported_and_denied_apart() -> None:
    county = world.build()
    confirmed, denied = walk(county, "called_back"), walk(county, "called_back")
    walk(county, "called_back")
    actions.confirm_report(
        confirmed.ref, "called", "yes", engagement_ref=confirmed.engagement, by=confirmed.applicant
    )
    actions.confirm_report(
        denied.ref, "called", "no", engagement_ref=denied.engagement, by=denied.applicant
    )
    overdue(county)
    done = walk(county, "disbursed")
    refused = walk(county, "investigated")
    actions.refuse(refused.engagement, "R07", by=county.bank.officer)
    whole = month(county.bank.officer).whole
    assert (whole.claims, whole.confirmed, whole.self_reported, whole.denied, whole.late) == (
        6,
        1,
        3,
        1,
        1,
    )
    assert (whole.visits_in_time, whole.visits) == (2, 2)
    assert (whole.word_kept, whole.offers) == (1, 1)
    assert (whole.returns_in_time, whole.returns) == (1, 1)
    assert whole.refusals == (("R07", 1),) and whole.refused == 1
    (mine,) = month(county.bank.officer).officers
    assert mine.ref == county.bank.officer.ref and mine.claims == whole.claims
    rival = month(county.banks[1].officer)
    assert rival.whole.claims == 0 and rival.officers == ()
    assert done.ref not in read(browser(county.banks[1].head).get("/bank/figures/"))


def test_a_median_is_shown_only_where_no_single_bank_can_be_read_from_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    county = world.build()
    monkeypatch.setattr(bank_team, "FEWEST", 1)
    for bank in (0, 1):
        walk(county, "called_back", bank=bank)
    assert month(county.bank.officer).medians["on_time"] is None
    overdue(county, bank=2)
    assert month(county.bank.officer).medians["on_time"] == 100
    assert set(month(county.bank.officer).medians) == set(bank_team.MEASURES)


def test_own_figures_are_saved_as_a_spreadsheet() -> None:
    county = world.build()
    walk(county, "called_back")
    answer = browser(county.bank.officer).get("/bank/figures.xlsx")
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    head, mine, whole = book.get_sheet_by_index(0).to_python()
    assert head[3] == "按时打了（群众确认）" and mine[0] == "周*理" and whole[0] == "全行"
    assert mine[2] == whole[2] == 1
    page = read(browser(county.bank.officer).get("/bank/figures/"))
    assert "不足20笔，不显示" in page and "够数的银行不到3家" in page
