"""Every list of every desk costs the same statements however long it grows."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from puhui.catalogue.directory import actions as directory
from puhui.catalogue.directory.terms import EntryForm
from puhui.content import actions as content
from puhui.content.terms import ReportForm, ReportKind
from puhui.kernel.clock import local_date
from puhui.kernel.command import database_now
from puhui.market import actions
from puhui.outreach import actions as outreach
from puhui.outreach.terms import EventForm
from puhui.oversight import actions as oversight
from tests import world
from tests.content import written
from tests.desks import watched
from tests.desks.bank.test_bank_house import PRODUCT
from tests.market.ageing import age

pytestmark = pytest.mark.django_db
COUNTY = (
    *("endings/", "orders/", "integrity/", "returns/", "survey/", "figures/", "bulletins/"),
    *("alarms", "outreach/", "articles/", "village-reports/", "products/", "screens/"),
)
TOWNSHIP = ("supervision/", "outreach/", "articles/", "village-reports/")
BANK = (
    *("objections/", "supervisions/", "aside/", "directory/", "directory/history", "products/"),
    *("figures/", "returns/", "roster/"),
)
MOST = 45


def refused(county: world.World) -> None:
    case = watched.called(county)
    actions.refuse(case.engagement, "R07", by=county.bank.officer)
    actions.open_objection(case.engagement, words="再看看", by=case.applicant)
    actions.report_money_taken(case.ref, "有人要两百", by=case.applicant)


def more(county: world.World, turn: int) -> None:
    """One of everything that stands in a list."""
    refused(county)
    watched.overdue(county)
    late = watched.called(county, 1)
    age(late.ref, 20 * 86_400)
    watched.sweep()
    today, now = local_date(database_now()), database_now()
    actions.issue_order("B02", f"请说明 {turn}", today, by=county.supervisor)
    actions.set_aside(watched.published(county).ref, by=county.bank.officer)
    event = EventForm("讲贷款", "village", world.TOWNSHIP, now + timedelta(days=turn), (), "大院")
    outreach.plan_event(event, by=county.deputy)
    villager = world.resident()
    report = ReportForm(ReportKind.QUESTION.value, "东头那口井的电费是谁交的？")
    content.report_on_village(world.VILLAGE, report, by=villager)
    written.article(county.admin, title=f"第 {turn} 篇")
    entry = EntryForm("hotline", f"电话 {turn}", "每天都有人接", f"0000-11{turn:02d}")
    directory.put_entry(entry, by=county.bank.head)
    product = {**PRODUCT, "name": f"湖羊育肥贷 {turn}"}
    assert watched.browser(county.bank.head).post("/bank/products/new", product).status_code == 302
    oversight.issue_screen(f"大厅 {turn}", by=county.supervisor)


def costs(desks: dict[str, tuple[Client, tuple[str, ...]]]) -> dict[str, int]:
    found = {}
    for desk, (client, pages) in desks.items():
        for page in pages:
            address = f"/{desk}/{page}"
            client.get(address)
            with CaptureQueriesContext(connection) as asked:
                assert client.get(address).status_code == 200, address
            found[address] = len(asked)
    return found


def test_a_list_costs_the_same_however_long_it_is() -> None:
    county = world.build(banks=2)
    desks = {
        "county": (watched.browser(county.supervisor), COUNTY),
        "township": (watched.browser(county.deputy), TOWNSHIP),
        "bank": (watched.browser(county.bank.head), BANK),
    }
    more(county, 1)
    actions.draw_survey(by=world.SYSTEM)
    before = costs(desks)
    for turn in (2, 3):
        more(county, turn)
    after = costs(desks)
    assert after == before, {
        one: (before[one], after[one]) for one in after if after[one] != before[one]
    }
    assert max(before.values()) <= MOST, before
