"""The deputy's pages: lists, a case, the phone, notes, destinations; errors keep what was typed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from puhui.kernel.actor import Role
from puhui.kernel.clock import local_date
from puhui.kernel.command import database_now
from puhui.market import actions, queries
from tests import world
from tests.desks import watched
from tests.desks.watched import read

pytestmark = pytest.mark.django_db


@pytest.fixture
def county() -> world.World:
    return world.build(banks=3)


@pytest.fixture
def desk(county: world.World) -> Client:
    return watched.browser(county.deputy)


def follow_up(county: world.World, ref: str) -> str:
    (one,) = queries.watched_case(county.deputy, ref).open_follow_ups
    return f"/township/cases/{ref}/follow-ups/{one.ref}"


def test_m008_the_five_lists_say_what_is_good_when_they_are_empty(
    county: world.World, desk: Client
) -> None:
    page = read(desk.get("/township/"))
    for words in (
        "今天没有群众等您出面。",
        "本镇的电话都打上了。",
        "没有快到期的。",
        "没办成的都说清了。",
        "金融副镇长陈*长",
        "没有金融专员",
    ):
        assert words in page
    world.staff("T01", "村专员", Role.VILLAGE_COMMISSIONER, area=world.VILLAGE)
    world.staff("T01", "村专二", Role.VILLAGE_COMMISSIONER, area="990525001202")
    assert "每个村都有人。" in read(desk.get("/township/"))


def test_each_list_shows_its_cases_with_their_one_button(county: world.World, desk: Client) -> None:
    waiting, late = watched.unclaimed(county), watched.overdue(county)
    page = desk.get("/township/")
    text = read(page)
    assert f"{waiting.ref}东湾村·养殖10万没银行接" in text
    assert "试验一号银行没打" in text
    assert (
        f"/township/cases/{late.ref}/engagements/{late.engagement}/nudge" in page.content.decode()
    )
    part = desk.get("/township/lists", headers={"HX-Request": "true"})
    assert 'data-row="f' in part.content.decode()
    assert "<html" not in part.content.decode()


def test_on_the_phone_one_list_is_shown_and_four_are_a_tap_away(desk: Client) -> None:
    body = desk.get("/township/?list=due").content.decode()
    assert 'id="desk" data-list="due"' in body
    assert body.count("data-tab=") == 5
    assert 'data-list="waiting"' in desk.get("/township/?list=nonsense").content.decode()


def test_m012_a_case_of_another_township_is_not_there(county: world.World, desk: Client) -> None:
    other = watched.unclaimed(county, world.OTHER_VILLAGE)
    row = queries.watched_case(county.other_deputy, other.ref).open_follow_ups[0]
    for address in (
        "/township/cases/{}/",
        "/township/cases/{}/note",
        "/township/cases/{}/keep-all",
        f"/township/cases/{{}}/follow-ups/{row.ref}",
    ):
        found = [desk.get(address.format(ref)) for ref in (other.ref, "999999")]
        assert [one.status_code for one in found] == [404, 404], address
        pages = [one.content.decode() for one in found]
        assert pages[0].replace(other.ref, "") == pages[1].replace("999999", "")
    answers = [desk.post(f"/township/cases/{ref}/phone") for ref in (other.ref, "999999")]
    assert [one.status_code for one in answers] == [404, 404]


def test_ruling_11_the_page_counts_what_was_handed_over_and_shows_none_of_it(
    county: world.World,
) -> None:
    seconded = world.staff(
        "T01", "赵镇长", Role.TOWNSHIP_ADMIN, area=world.TOWNSHIP, seconded=county.bank.ref
    )
    desk = watched.browser(seconded)
    own = watched.overdue(county, 0)
    page = desk.get("/township/")
    assert "另有1笔，您派出的银行也在谈，已交给" in read(page)
    assert "来自：试验一号银行" in read(page)
    assert own.ref not in page.content.decode()
    assert own.ref not in desk.get("/township/cases/").content.decode()
    assert desk.get(f"/township/cases/{own.ref}/").status_code == 404
    assert desk.post(f"/township/cases/{own.ref}/phone").status_code == 404
    nudge = f"/township/cases/{own.ref}/engagements/{own.engagement}/nudge"
    assert desk.post(nudge).status_code == 404


def test_the_case_page_tells_the_whole_way_and_no_rate(county: world.World, desk: Client) -> None:
    case = watched.called(county)
    actions.submit_plan(case.engagement, world.PLAN, by=county.bank.officer)
    answer = desk.get(f"/township/cases/{case.ref}/")
    page = read(answer)
    for words in ("壹拾万元整", "群众提出需求", "试验一号银行周*理接单", "等群众挑选", "东湾村"):
        assert words in page
    for secret in ("4.75", "李为民", "李*民", "夫妻两人", "1980"):
        assert secret not in page
    assert answer["Cache-Control"].startswith("private")


def test_the_township_hears_of_the_money_without_its_rate(
    county: world.World, desk: Client
) -> None:
    case = watched.funded(county)
    page = read(desk.get(f"/township/cases/{case.ref}/"))
    assert "回填放款" in page
    assert "4.75" not in page
    watch = watched.browser(county.supervisor)
    assert "回填放款：10万元，4.75%" in read(watch.get(f"/county/cases/{case.ref}/"))
    assert "办成1" in read(desk.get("/township/"))


def test_a_step_bears_the_time_it_was_reached_first(county: world.World, desk: Client) -> None:
    from puhui.desks.shared.watching.case_view import steps

    case = watched.called(county)
    actions.submit_plan(case.engagement, world.PLAN, by=county.bank.officer)
    actions.keep_plan(case.engagement, by=case.applicant)
    entries = queries.timeline(county.deputy, case.ref)
    found = {one.name: one for one in steps(queries.watched_case(county.deputy, case.ref), entries)}
    names = ("提出", "接单", "来电", "初步方案", "群众留下")
    assert [found[name].state for name in names] == ["done"] * 5
    assert found["上门"].state == "now"
    assert found["上门"].first == "等上门"
    assert found["准信"].state == "todo"


def test_the_phone_is_shown_on_a_tap_that_the_applicant_sees(
    county: world.World, desk: Client
) -> None:
    case = watched.unclaimed(county)
    assert desk.get(f"/township/cases/{case.ref}/phone").status_code == 405
    answer = desk.post(f"/township/cases/{case.ref}/phone")
    assert "李为民" in read(answer)
    assert 'href="tel:1980' in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    seen = [
        one for one in queries.timeline(county.deputy, case.ref) if one.action == "contact.view"
    ]
    assert [one.by_ref for one in seen] == [county.deputy.ref]
    assert "看了姓名、电话、村庄" in read(desk.get(f"/township/cases/{case.ref}/"))


def test_m012_a_note_is_kept_in_the_case(county: world.World, desk: Client) -> None:
    case = watched.claimed(county)
    address = f"/township/cases/{case.ref}/note"
    empty = desk.post(address, {"kind": "visit", "words": " "})
    assert empty.status_code == 422
    assert "请写一句话。" in read(empty)
    answer = desk.post(address, {"kind": "visit", "words": "去看过，圈舍都在。"})
    assert answer.status_code == 302
    page = read(desk.get(f"/township/cases/{case.ref}/"))
    assert "走访" in page
    assert "去看过，圈舍都在。" in page
    assert "记下了" in page


def test_m012_a_case_does_not_close_without_a_destination(
    county: world.World, desk: Client
) -> None:
    case = watched.unclaimed(county)
    address = follow_up(county, case.ref)
    for label in (
        "转别家银行接着办",
        "转农担、补贴或其他办法",
        "差材料，约好日子再提",
        "本人不办了",
    ):
        assert label in read(desk.get(address))
    nothing = desk.post(address, {"destination": "", "words": "跟群众通了话，等他回信"})
    assert nothing.status_code == 422
    assert "请选去处；选一样才能结。" in read(nothing)
    assert "跟群众通了话，等他回信" in read(nothing)
    undated = desk.post(address, {"destination": "missing_until", "again_on": ""})
    assert "差材料的，要填约好哪天再提。" in read(undated)
    past = desk.post(address, {"destination": "missing_until", "again_on": "2020-01-01"})
    assert "约的日子要在今天以后。" in read(past)
    assert len(queries.watched_case(county.deputy, case.ref).open_follow_ups) == 1
    day = local_date(database_now()) + timedelta(days=9)
    sent = {"destination": "missing_until", "again_on": str(day), "words": "差流转合同"}
    assert desk.post(address, sent).status_code == 302
    assert queries.watched_case(county.deputy, case.ref).open_follow_ups == ()
    page = read(desk.get(f"/township/cases/{case.ref}/"))
    assert f"约好{day:%m-%d}再提：差流转合同" in page
    again = desk.post(address, sent)
    assert again.status_code == 409
    assert "差流转合同" in read(again)


def test_a_nudge_goes_to_the_officers_on_duty_and_is_refused_once_somebody_called(
    county: world.World, desk: Client
) -> None:
    from puhui.notices import queries as notices

    case = watched.claimed(county)
    address = f"/township/cases/{case.ref}/engagements/{case.engagement}/nudge"
    answer = desk.post(address, headers={"HX-Request": "true"})
    assert answer.status_code == 204
    assert "puhui:done" in answer["HX-Trigger"]
    assert "B04" in {line.code for line in notices.inbox(county.bank.officer)}
    call = actions.start_call(case.engagement, by=county.bank.officer)
    actions.record_callback(case.engagement, call.ref, "connected", by=county.bank.officer)
    late = desk.post(address)
    assert late.status_code == 409
    assert "这一步现在不能办" in read(late)
    assert desk.get(address).status_code == 405


def test_nobody_else_opens_the_desk(county: world.World) -> None:
    away = Client().get("/township/")
    assert away.status_code == 302
    assert away["Location"].startswith("/staff/sign-in")
    for actor in (county.bank.officer, county.supervisor, county.admin):
        assert watched.browser(actor).get("/township/").status_code == 404


def test_the_page_costs_the_same_however_many_cases_there_are(
    county: world.World, desk: Client
) -> None:
    def cost(address: str) -> int:
        desk.get(address)
        with CaptureQueriesContext(connection) as caught:
            desk.get(address)
        return len(caught)

    watched.unclaimed(county)
    watched.overdue(county)
    case = watched.called(county)
    before = {one: cost(one) for one in ("/township/", "/township/cases/")}
    for _ in range(3):
        watched.unclaimed(county)
        watched.overdue(county)
        watched.called(county)
    assert {one: cost(one) for one in before} == before
    assert before["/township/"] <= 22
    assert cost(f"/township/cases/{case.ref}/") <= 26
