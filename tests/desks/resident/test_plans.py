"""Plans side by side, keeping at most two, offers with what changed, accepting."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest

from puhui.desks.resident.plan_view import changes, sums_of
from puhui.market import actions as market
from puhui.market.models import Engagement
from puhui.market.queries.views import ProposalView
from tests import world
from tests.desks.resident import story
from tests.desks.resident.views import SENT
from tests.rest import stages

START = date(2026, 11, 27)


def _view(plan: object, kind: str = "plan") -> ProposalView:
    names = (
        "amount_fen",
        "rate_ppm",
        "months",
        "method",
        "fees",
        "security_words",
        "trips_words",
        "answer_working_days",
        "prepayment_words",
        "change_reason",
    )
    given = {name: getattr(plan, name) for name in names}
    return ProposalView(
        kind=kind, product_ref="", product_name="", valid_until=None, submitted_at=SENT, **given
    )


def _plain(words: str) -> str:
    return words.replace("\u2060", "").replace("\u00a0", " ")


def test_p1m_the_three_plans_of_the_content_book_cost_what_it_says() -> None:
    one, two, three = (sums_of(_view(plan), 6, START) for plan in story.PLANS)
    assert (one.cost, two.cost, three.cost) == ("2,388.19 元", "1,335.08 元", "2,310.00 元")
    assert _plain(one.repayment) == "中间不用还，2027-05-27 一次还 102,388.19 元"
    assert _plain(two.repayment) == "下月起每月还 6,819.30 元，还 12 个月"
    assert _plain(three.repayment) == "每月还利息 300.00 元，2027-11-27 还本 100,000 元"
    assert _plain(one.year_cost) == "这个产品最长用到 2027-05-27"
    assert (two.year_cost, three.year_cost) == ("1,831.66 元", "4,100.00 元")
    assert (one.all_in, two.all_in) == ("4.75%", "4.20%")
    assert three.all_in == "用满 12 个月 4.11%；只用 6 个月约 4.61%"
    assert three.cost_note == "利息 1,810.00 + 担保费 500.00"


def test_a_plan_that_cannot_be_reckoned_sends_one_to_the_bank() -> None:
    strange = _view(replace(world.PLAN, fees=(("担保费", 20_000_000),)))
    assert sums_of(strange, 6, START).cost == "请问银行"


def test_what_changed_is_named_in_yuan() -> None:
    offer = replace(world.PLAN, amount_fen=8_000_000, rate_ppm=50_500, months=5)
    said = changes(_view(world.PLAN), _view(offer, "offer"))
    assert said == ("少 2 万", "每 1 万元一年多 30 元", "时间短 1 个月")
    assert changes(_view(world.PLAN), _view(world.PLAN, "offer")) == ()


@pytest.mark.django_db
def test_plans_stand_side_by_side_and_sort_as_asked() -> None:
    one = story.begin().claimed().called().planned()
    page = one.page("plans")
    assert "有 3 家给您出了初步方案" in page
    assert "按您说的“10 万元、用半年”算" in page
    assert "比您要的少 2 万" in page

    def order(by: str) -> list[str]:
        table = one.page(f"plans?by={by}").split("<tbody>")[1].split("</tbody>")[0]
        return re.findall(r"试验(.)号银行</a>", table)

    assert order("") == ["一", "二", "三"]
    assert order("cost") == ["二", "三", "一"]
    assert order("month") == ["一", "三", "二"]
    assert order("days") == ["一", "二", "三"]
    assert order("nonsense") == ["一", "二", "三"]


@pytest.mark.django_db
def test_k8_two_are_kept_after_being_asked_and_a_third_is_refused_in_a_sentence() -> None:
    one = story.begin().claimed().called().planned()
    for number in (0, 1):
        address = f"plans/{one.engagements[number]}/keep"
        assert "查征信前会请您签字" in one.page(address)
        assert one.client.post(f"/my/{one.ref}/{address}").status_code == 302
    third = one.client.post(f"/my/{one.ref}/plans/{one.engagements[2]}/keep")
    assert third.status_code == 409
    assert "已经留了 2 家。要换，先把其中一家改成不留。" in third.content.decode()
    states = dict(Engagement.objects.values_list("ref", "state"))
    assert [states[ref] for ref in one.engagements] == ["kept", "kept", "planned"]


@pytest.mark.django_db
def test_a_plan_is_declined_after_being_asked() -> None:
    one = story.begin().claimed().called().planned()
    address = f"plans/{one.engagements[0]}/decline"
    assert "不会说您选了谁、别家利率多少" in one.page(address)
    assert one.client.post(f"/my/{one.ref}/{address}").status_code == 302
    assert Engagement.objects.get(ref=one.engagements[0]).state == "not_selected"
    assert "有 2 家给您出了初步方案" in one.page("plans")


@pytest.mark.django_db
def test_an_offer_shows_what_changed_in_red_with_the_banks_reason() -> None:
    one = story.begin().claimed().called().planned().visited(0)
    offer = replace(world.PLAN, amount_fen=8_000_000, rate_ppm=50_500, change_reason="羊少了一些")
    market.submit_offer(one.engagements[0], offer, by=one.county.bank.officer)
    page = one.page("offers")
    assert '<b class="diff">少 2 万</b>' in page
    assert '<b class="diff">每 1 万元一年多 30 元</b>' in page
    assert "银行的理由：羊少了一些" in page
    address = f"offers/{one.engagements[0]}/accept"
    assert "合同只在银行签" in one.page(address)
    assert Engagement.objects.get(ref=one.engagements[0]).state == "offered"
    one.client.post(f"/my/{one.ref}/{address}")
    assert Engagement.objects.get(ref=one.engagements[0]).state == "accepted"
    assert "您选了试验一号银行。去网点签合同。" in one.page()


@pytest.mark.django_db
def test_without_plans_or_offers_the_pages_say_so() -> None:
    one = story.begin()
    assert "现在没有可以挑的方案" in one.page("plans")
    assert "现在没有准信" in one.page("offers")


@pytest.mark.django_db
def test_m008_a_plan_given_meanwhile_is_not_kept_unseen() -> None:
    county = world.build(banks=1)
    ref = stages.planned(county)
    demand = Engagement.objects.get(ref=ref).demand.ref
    phone = story.browser(county.applicant)
    link = re.search(
        r'href="([^"]+/keep\?plan=\d+)"', phone.get(f"/my/{demand}/plans").content.decode()
    )
    assert link is not None
    asked = phone.get(link[1])
    market.improve_plan(ref, replace(world.PLAN, rate_ppm=120_000), by=county.bank.officer)
    sent = {"plan": asked.context["seen"]}
    answer = phone.post(link[1], sent)
    assert answer.status_code == 409 and "方案刚改过，请再看一遍" in answer.content.decode()
    assert Engagement.objects.get(ref=ref).state == "planned"
    new = re.search(
        r'href="([^"]+/keep\?plan=(\d+))"', phone.get(f"/my/{demand}/plans").content.decode()
    )
    assert new is not None and new[1] != link[1]
    assert phone.post(new[1], {"plan": new[2]}).status_code == 302
    assert Engagement.objects.get(ref=ref).state == "kept"


@pytest.mark.django_db
def test_m008_the_question_itself_carries_the_plan_that_was_in_force() -> None:
    county = world.build(banks=1)
    ref = stages.planned(county)
    demand = Engagement.objects.get(ref=ref).demand.ref
    phone = story.browser(county.applicant)
    address = f"/my/{demand}/plans/{ref}/keep"
    seen = phone.get(address).context["seen"]
    market.improve_plan(ref, replace(world.PLAN, rate_ppm=120_000), by=county.bank.officer)
    assert phone.post(address, {"plan": seen}).status_code == 409
    assert Engagement.objects.get(ref=ref).state == "planned"
