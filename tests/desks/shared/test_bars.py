"""The desks' top bars: few entries beside each other, the rest one press away, all of them alive."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from puhui.desks.shared.nav import FIRST_LEVEL
from puhui.kernel.actor import Actor
from tests import world
from tests.desks import watched
from tests.rest import stages

pytestmark = pytest.mark.django_db

BAR = re.compile(r'<nav class="bar-nav".*?</nav>', re.DOTALL)
MENU = re.compile(r"<details.*?</details>", re.DOTALL)


@pytest.fixture
def county() -> world.World:
    return world.build(banks=2)


def bar_of(actor: Actor, path: str) -> tuple[Client, str]:
    desk = watched.browser(actor)
    found = BAR.search(desk.get(path).content.decode())
    assert found
    return desk, found[0]


@pytest.mark.parametrize(
    ("who", "path"), [("supervisor", "/county/"), ("head", "/bank/"), ("deputy", "/township/")]
)
def test_a_bar_holds_seven_entries_and_every_page_of_it_answers(
    county: world.World, who: str, path: str
) -> None:
    actor = county.bank.head if who == "head" else getattr(county, who)
    desk, bar = bar_of(actor, path)
    beside = MENU.sub("<menu>", bar)
    assert beside.count("<a ") + beside.count("<menu>") <= FIRST_LEVEL
    for address in re.findall(r'href="([^"]+)"', bar):
        assert desk.get(address).status_code == 200, address


def test_the_county_finds_every_office_in_the_menu_without_scripts(county: world.World) -> None:
    desk, bar = bar_of(county.supervisor, "/county/")
    for address in (
        *("/county/returns/", "/notice/", "/county/screens/", "/county/bulletins/"),
        *("/county/articles/", "/county/people/", "/county/survey/", "/county/integrity/"),
        *("/county/orders/", "/county/village-reports/", "/county/alarms"),
    ):
        assert f'href="{address}"' in bar, address
    inside = BAR.search(desk.get("/county/survey/").content.decode())
    assert inside and "更多：满意度回访" in inside[0]  # where one is stands in the bar


def test_m012_a_bank_sees_how_many_objections_wait(county: world.World) -> None:
    _, before = bar_of(county.bank.head, "/bank/")
    assert 'href="/bank/objections/">不同意见</a>' in before
    stages.objected(county)
    _, waiting = bar_of(county.bank.head, "/bank/")
    assert re.search(r'不同意见 <b class="tag soon">1</b>', waiting)
    _, other = bar_of(county.banks[1].head, "/bank/")
    assert 'class="tag soon"' not in other
