"""The deputy's fifth list: re-checks of help, empty posts, villages nobody goes to, open drafts."""

from __future__ import annotations

from datetime import timedelta

import pytest

from puhui.kernel.actor import Actor, Role
from puhui.kernel.command import NOT_FOUND, Refused, database_now
from puhui.market import actions, queries
from puhui.market.models import FinancingDemand, FollowUp, Recheck, SurveyDraw
from puhui.market.rules.surveys import Candidate, digest, drawn
from puhui.parties.models import Duty
from puhui.parties.terms import Registration
from tests import world
from tests.desks import watched
from tests.market.ageing import age

pytestmark = pytest.mark.django_db

SECOND_VILLAGE = "990525001202"


@pytest.fixture
def county() -> world.World:
    return world.build(banks=2)


@pytest.fixture
def helper(county: world.World) -> Actor:
    return world.staff("T01", "赵专员", Role.VILLAGE_COMMISSIONER, area=world.VILLAGE)


def helped(helper: Actor, serial: int, *, confirmed: bool = True) -> str:
    """A request that the specialist filled in a week ago, and the person's yes."""
    phone = f"198777{serial:05d}"
    number = world.identity_number(serial, "19580212")
    ref = actions.draft_for(
        world.FORM, Registration("王桂兰", number, phone, world.VILLAGE), by=helper
    )
    if confirmed:
        assert actions.take_text_reply(f"g{serial}", phone, "1", by=world.SYSTEM)
        FinancingDemand.objects.filter(ref=ref).update(
            published_at=database_now() - timedelta(days=7)
        )
    return ref


def test_m019_at_least_one_in_twenty_is_drawn_and_the_seed_is_kept(
    county: world.World, helper: Actor
) -> None:
    refs = [helped(helper, serial) for serial in range(1, 22)]
    assert actions.draw_rechecks(by=world.SYSTEM) == 2, "5 % of 21, rounded up"
    assert actions.draw_rechecks(by=world.SYSTEM) == 0
    draw = SurveyDraw.objects.get(kind="assisted")
    frame = [Candidate(*one) for one in draw.frame]
    assert {one.demand for one in frame} == set(refs) and len(digest(frame)) == 64
    listed = queries.rechecks(county.deputy)
    assert {one.demand_ref for one in listed} == {one.demand for one in drawn(frame, draw.seed)[:2]}
    assert {(one.helped, one.drawn, one.seed) for one in listed} == {(21, 2, draw.seed)}
    assert queries.rechecks(county.other_deputy) == ()


def test_m019_the_answer_is_written_down_and_not_theirs_goes_on_at_once(
    county: world.World, helper: Actor
) -> None:
    ref = helped(helper, 1)
    actions.draw_rechecks(by=world.SYSTEM)
    (row,) = queries.rechecks(county.deputy)
    for outcome, words, money in (
        ("gossip", "", False),
        ("not_theirs", "", False),
        ("genuine", " ", True),
    ):
        with pytest.raises(Refused):
            actions.record_recheck(
                row.ref, outcome, words=words, money_taken=money, by=county.deputy
            )
    with pytest.raises(Refused) as anothers:
        actions.record_recheck(row.ref, "genuine", by=county.other_deputy)
    assert anothers.value.reason == NOT_FOUND
    actions.record_recheck(row.ref, "unreached", by=county.deputy)
    assert queries.rechecks(county.deputy)[0].attempts == 1
    case = actions.record_recheck(
        row.ref, "not_theirs", words="没提过，还收了五十", money_taken=True, by=county.deputy
    )
    assert queries.rechecks(county.deputy) == ()
    assert FollowUp.objects.filter(demand__ref=ref, kind="not_me").exists()
    found = queries.integrity_case(county.supervisor, case)
    assert (found.source, found.demand_ref) == ("recheck", ref)
    assert Recheck.objects.get().outcome == "not_theirs"


def test_ruling_11_a_recheck_of_a_case_of_ones_own_bank_is_anothers(
    county: world.World, helper: Actor
) -> None:
    ref = helped(helper, 1)
    actions.draw_rechecks(by=world.SYSTEM)
    seconded = world.staff(
        "T01", "赵镇长", Role.TOWNSHIP_ADMIN, area=world.TOWNSHIP, seconded=county.bank.ref
    )
    assert len(queries.rechecks(seconded)) == 1
    actions.claim(ref, by=county.bank.officer)
    assert queries.rechecks(seconded) == () and len(queries.rechecks(county.deputy)) == 1


def test_m012_an_empty_post_is_reported_once_and_again_after_the_next_vacancy(
    county: world.World, helper: Actor
) -> None:
    vacant = queries.township_villages(county.deputy, database_now()).vacant
    assert [(one.code, one.since) for one in vacant] == [(SECOND_VILLAGE, None)]
    actions.report_vacancy(SECOND_VILLAGE, "老会计愿意干", by=county.deputy)
    assert (
        queries.township_villages(county.deputy, database_now()).vacant[0].reported_at is not None
    )
    for village in (SECOND_VILLAGE, world.VILLAGE, world.OTHER_VILLAGE, "1", "x"):
        with pytest.raises(Refused):
            actions.report_vacancy(village, by=county.deputy)
    assert [row.village for row in queries.vacancy_reports(county.supervisor)] == ["西湾村"]
    now = database_now()
    fresh = world.staff("T01", "新专员", Role.VILLAGE_COMMISSIONER, area=SECOND_VILLAGE)
    assert queries.township_villages(county.deputy, database_now()).vacant == ()
    Duty.objects.filter(staff=fresh.person).update(
        starts_at=now - timedelta(hours=1), ends_at=database_now()
    )
    (again,) = queries.township_villages(county.deputy, database_now()).vacant
    assert again.since is not None and again.reported_at is None


def test_m012_a_village_without_a_visit_for_thirty_days_and_open_drafts(
    county: world.World, helper: Actor
) -> None:
    case = watched.called(county)
    helped(helper, 5, confirmed=False)
    assert queries.township_villages(county.deputy, database_now()).unvisited == ()
    age(case.ref, 31 * 86_400)
    found = queries.township_villages(county.deputy, database_now())
    assert [(one.case_ref, one.cases) for one in found.unvisited] == [(case.ref, 1)]
    (draft,) = found.drafts
    assert draft.helper_masked == "赵*员" and draft.void_at is not None
    actions.add_note(case.ref, "去看过了", kind="visit", by=county.deputy)
    assert queries.township_villages(county.deputy, database_now()).unvisited == ()


def test_m012_the_fifth_list_on_the_page_with_its_buttons(
    county: world.World, helper: Actor
) -> None:
    ref = helped(helper, 1)
    actions.draw_rechecks(by=world.SYSTEM)
    desk = watched.browser(county.deputy)
    page = watched.read(desk.get("/township/"))
    assert "上周代填1笔，抽1笔核实" in page and "打电话核实" in page and "报补人" in page
    (row,) = queries.rechecks(county.deputy)
    dialog = desk.post(f"/township/rechecks/{row.ref}/phone", headers={"HX-Request": "true"})
    assert "拨198777" in watched.read(dialog) and "有没有收您的钱" in watched.read(dialog)
    assert "contact.view" in [one.action for one in queries.timeline(county.deputy, ref)]
    assert desk.post(f"/township/rechecks/{row.ref}", {}).status_code == 422
    typed = {"outcome": "genuine", "money": "no"}
    assert desk.post(f"/township/rechecks/{row.ref}", typed).status_code == 302
    assert "打电话核实" not in watched.read(desk.get("/township/"))
    vacancy = f"/township/villages/{SECOND_VILLAGE}/vacancy"
    assert desk.post(vacancy, {"words": ""}).status_code == 302
    assert "报给县里了，等补人" in watched.read(desk.get("/township/"))
    for address in (
        f"/township/villages/{world.OTHER_VILLAGE}/vacancy",
        "/township/villages/x/vacancy",
    ):
        assert desk.get(address).status_code == 404
    other = watched.browser(county.other_deputy)
    assert other.post(f"/township/rechecks/{row.ref}/phone").status_code == 404
