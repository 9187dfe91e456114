"""The bank's own affairs: its roster and its shelf."""

import re
from datetime import timedelta

import pytest

from puhui.catalogue import queries as catalogue
from puhui.kernel.actor import ANYONE, Actor
from puhui.kernel.clock import local_date
from puhui.kernel.command import database_now
from puhui.parties.models import RosterShift
from tests import world
from tests.desks.watched import browser, read

pytestmark = pytest.mark.django_db

PRODUCT = {
    "name": "湖羊育肥贷",
    "audience": "买羊羔、饲料，防疫",
    "rate_min_ppm": "4.35",
    "rate_max_ppm": "5.60",
    "amount_min_fen": "3",
    "amount_max_fen": "50",
    "months_min": "6",
    "months_max": "12",
    "term_words": "6–12 个月",
    "methods": ["interest_with_principal"],
    "repayment_words": "到期一次还本付息",
    "security_words": "夫妻共同签字",
    "purposes": ["livestock"],
}


def shelf(officer: Actor) -> list[str]:
    return [one.name for one in catalogue.own_products(officer)]


def test_the_head_plans_a_week_and_it_is_the_roster() -> None:
    county = world.build()
    head = browser(county.bank.head)
    monday = local_date(database_now()) + timedelta(days=14)
    page = f"/bank/roster/?from={monday}"
    answer = head.post(
        page,
        {
            f"{monday}-early": [county.bank.officer.ref, county.bank.head.ref],
            f"{monday}-late": [county.bank.officer.ref],
        },
    )
    assert answer.status_code == 302 and "from=" in answer["Location"]
    shown = head.get(page).content.decode()
    checked = re.findall(r'name="([^"]+)" value="([^"]+)" checked', shown)
    assert sorted(checked) == sorted(
        [
            (f"{monday}-early", county.bank.officer.ref),
            (f"{monday}-early", county.bank.head.ref),
            (f"{monday}-late", county.bank.officer.ref),
        ]
    )
    assert (
        RosterShift.objects.filter(starts_at__gt=database_now() + timedelta(days=10)).count() == 2
    )


def test_a_stranger_cannot_be_put_on_the_roster() -> None:
    county = world.build()
    monday = local_date(database_now()) + timedelta(days=14)
    before = RosterShift.objects.count()
    answer = browser(county.bank.head).post(
        f"/bank/roster/?from={monday}", {f"{monday}-early": [county.banks[1].officer.ref]}
    )
    assert answer.status_code == 422 and "没有这个工号" in answer.content.decode()
    assert RosterShift.objects.count() == before


def test_only_ones_own_people_are_on_the_page() -> None:
    county = world.build()
    page = browser(county.bank.head).get("/bank/roster/").content.decode()
    assert county.bank.officer.ref in page and county.banks[1].officer.ref not in page


def test_m003_a_product_is_put_changed_and_withdrawn() -> None:
    county = world.build()
    client = browser(county.bank.officer)
    assert "货架上还没有产品" in read(client.get("/bank/products/"))
    assert client.post("/bank/products/new", PRODUCT).status_code == 302
    (one,) = catalogue.products(ANYONE)
    assert one.name == "湖羊育肥贷" and one.rate_min_ppm == 43_500
    page = client.get(f"/bank/products/{one.ref}").content.decode()
    assert 'value="4.35"' in page and 'value="湖羊育肥贷"' in page
    client.post(f"/bank/products/{one.ref}", {**PRODUCT, "rate_max_ppm": "5.20"})
    assert catalogue.products(ANYONE)[0].rate_max_ppm == 52_000
    assert browser(county.banks[1].officer).get(f"/bank/products/{one.ref}").status_code == 404
    assert client.post(f"/bank/products/{one.ref}/withdraw").status_code == 302
    assert shelf(county.bank.officer) == []


@pytest.mark.parametrize(
    ("name", "typed", "sentence"),
    [
        ("name", "秒批贷", "不能用“秒批”这样的说法"),
        ("rate_max_ppm", "4", "高的利率不能比低的还低。"),
        ("amount_max_fen", "1", "多的数额不能比少的还少。"),
        ("months_max", "3", "长的时间不能比短的还短。"),
        ("methods", [], "请至少选一种还法。"),
        ("audience", "", "这一格要填。"),
    ],
)
def test_a_bad_product_is_told_beside_the_field(
    name: str, typed: str | list[str], sentence: str
) -> None:
    county = world.build()
    answer = browser(county.bank.officer).post("/bank/products/new", {**PRODUCT, name: typed})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert page.partition(f'id="id_{name}-err">')[2].startswith(sentence)
    assert shelf(county.bank.officer) == []


def test_the_script_speaks_of_the_banks_own_fitting_product() -> None:
    from tests.desks.bank.cases import walk

    county = world.build()
    client = browser(county.bank.officer)
    client.post("/bank/products/new", PRODUCT)
    walk(county, "claimed")
    words = read(client.get("/bank/"))
    assert "一年每1万元利息435–560元左右，到期一次还本付息，没有别的费用" in words


def test_last_weeks_turns_are_copied_and_nothing_is_wiped_where_there_were_none() -> None:
    county = world.build()
    head = browser(county.bank.head)
    monday = local_date(database_now()) + timedelta(days=14)
    head.post(f"/bank/roster/?from={monday}", {f"{monday}-early": [county.bank.officer.ref]})
    later = monday + timedelta(days=7)
    before = RosterShift.objects.count()
    assert head.post(f"/bank/roster/?from={later}", {"copy": "1"}).status_code == 302
    assert RosterShift.objects.count() == before + 1
    shown = head.get(f"/bank/roster/?from={later}").content.decode()
    assert re.findall(r'name="([^"]+)" value="[^"]+" checked', shown) == [f"{later}-early"]
    far = later + timedelta(days=28)
    answer = head.post(f"/bank/roster/?from={far}", {"copy": "1"})
    assert answer.status_code == 422 and "没有可照抄的" in answer.content.decode()
    assert (
        browser(county.bank.officer).post(f"/bank/roster/?from={later}", {"copy": "1"}).status_code
        == 404
    )
