"""One story through all audiences, in a real browser on the real program with a worker.

A resident asks from a phone; two banks claim; one calls, the other does not and is supervised; plan,
choice, visit, offer, contract, money; township and county watch it without reloading.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, expect

from puhui.kernel.actor import SYSTEM
from puhui.kernel.clock import local
from puhui.kernel.command import database_now
from puhui.market import actions
from puhui.market.models import Engagement, FinancingDemand, Supervision
from tests import world
from tests.desks.resident import steps
from tests.journeys.site import Site
from tests.journeys.windows import DESK, PHONE, Window, ask
from tests.program.conftest import await_

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def county(chromium: Browser) -> world.World:
    return world.build(banks=2)


@pytest.fixture(autouse=True)
def _worker(site: Site, county: world.World) -> Iterator[None]:
    with site.working():
        yield


def test_m007_m008_m011_one_story_through_all_audiences(
    county: world.World, site: Site, chromium: Browser
) -> None:
    actions.set_clock_rules(
        {"callback_seconds": 60, "supervision_seconds": 60, "slot_reopen_seconds": 60}, by=SYSTEM
    )
    resident = Window(chromium, site, PHONE)
    officer = Window(chromium, site, DESK, county.bank.officer.ref)
    rival = Window(chromium, site, PHONE, county.banks[1].officer.ref)
    deputy = Window(chromium, site, DESK, county.deputy.ref)
    centre = Window(chromium, site, DESK, county.supervisor.ref)
    for window, address in ((officer, "/bank/"), (deputy, "/township/"), (centre, "/county/")):
        window.at(address).locator("body[data-live]").wait_for()

    # Asked once, from the phone: there at bank, township and county without a reload.
    ref = ask(resident)
    officer.page.locator(f"#row-{ref}").wait_for(timeout=5_000)
    assert "李为民" not in officer.page.content() and steps.PHONE not in officer.page.content()

    # Two banks take it; the slow one's phone is not picked up by anybody.
    officer.page.locator(f"#row-{ref}").get_by_role("button", name="接单").click()
    await_(lambda: Engagement.objects.filter(demand__ref=ref).count() == 1, "claimed", 10)
    rival.at("/bank/").locator("[data-tab=open]").click()
    rival.page.locator(f"#row-{ref}").get_by_role("button", name="接单").first.click()
    await_(lambda: Engagement.objects.filter(demand__ref=ref).count() == 2, "claimed twice", 10)
    one = Engagement.objects.get(demand__ref=ref, bank=county.bank.id)
    slow = Engagement.objects.get(demand__ref=ref, bank=county.banks[1].id)
    expect(resident.page.locator("h1")).to_contain_text("接了您的需求", timeout=30_000)

    # The first calls in time; the applicant says that it is true.
    case = f"/bank/engagements/{one.ref}/"
    officer.at(case).get_by_role("button", name="一键拨号").first.click()
    expect(officer.page.locator("a[href^='tel:']").first).to_be_visible()
    officer.page.goto(f"{site.address}{case}result")
    officer.page.get_by_label("打通了").check()
    officer.page.fill("[name=duration_seconds]", "95")
    officer.page.get_by_role("button", name="登记", exact=True).click()
    await_(lambda: _state(one) == "called_back", "the call is recorded", 10)
    resident.at(f"/my/{ref}/").get_by_role("button", name="打过了").first.click()
    await_(lambda: _fresh(one).callback_word == "confirmed", "confirmed", 10)

    # The second does not: its minute passes, the worker opens the record, the county sees it.
    await_(lambda: Supervision.objects.filter(engagement=slow).exists(), "supervised", 90)
    expect(centre.page.locator("#lists, main").first).to_contain_text(
        "试验二号银行", timeout=20_000
    )
    record = Supervision.objects.get(engagement=slow)
    centre.at("/county/supervision/")
    expect(centre.page.locator("main")).to_contain_text("试验二号银行")
    rival.send(f"/bank/supervisions/{record.ref}/answer", "交给县里", words="路上没信号，马上打。")
    deputy.at(f"/township/cases/{ref}/")
    expect(deputy.page.locator("main")).to_contain_text(ref)
    assert "4.75" not in deputy.page.content()

    # Plan, kept; a visit agreed; an offer, accepted; signed, paid, confirmed.
    officer.send(
        f"{case}plan",
        "给出初步方案",
        amount_fen="10",
        rate_ppm="4.75",
        months="6",
        method="interest_with_principal",
        security_words="夫妻两人签字",
        trips_words="来家 1 趟",
        answer_working_days="2",
    )
    await_(lambda: _state(one) == "planned", "planned", 10)
    resident.at(f"/my/{ref}/plans")
    expect(resident.page.locator("main")).to_contain_text("475 元")
    resident.at(f"/my/{ref}/plans/{one.ref}/keep").locator("form .weui-btn_primary").first.click()
    await_(lambda: _state(one) == "kept", "kept", 10)
    visit_at = local(database_now() + timedelta(days=1)).strftime("%Y-%m-%dT10:00")
    officer.send(f"{case}visit", "记下并告诉群众", visit_at=visit_at)
    officer.send(f"{case}report", "看过了，交结果")
    await_(lambda: _state(one) == "investigated", "visited", 10)
    resident.at(f"/my/{ref}/").get_by_role("button", name="人来过了").first.click()
    officer.at(f"{case}offer").get_by_role("button", name="给出准信").first.click()
    await_(lambda: _state(one) == "offered", "offered", 10)
    resident.at(f"/my/{ref}/offers/{one.ref}/accept").locator(
        "form .weui-btn_primary"
    ).first.click()
    await_(lambda: _state(one) == "accepted", "accepted", 10)
    officer.send(f"{case}sign", "登记签约")
    await_(lambda: _state(one) == "signed", "signed", 10)
    due_on = (local(database_now()) + timedelta(days=180)).strftime("%Y-%m-%d")
    officer.send(f"{case}disburse", "回填", due_on=due_on)
    await_(lambda: _state(one) == "disbursed", "paid out", 10)
    resident.at(f"/my/{ref}/").get_by_role("button", name="钱到了").first.click()
    await_(lambda: _fresh(one).loan_return.money_word == "confirmed", "the money is there", 10)

    demand = FinancingDemand.objects.get(ref=ref)
    assert demand.state == "funded" and _state(slow) in ("not_selected", "cancelled")
    expect(centre.at(f"/county/cases/{ref}/").locator("main")).to_contain_text("放款")


def _fresh(row: Engagement) -> Engagement:
    return Engagement.objects.get(pk=row.pk)


def _state(row: Engagement) -> str:
    return _fresh(row).state
