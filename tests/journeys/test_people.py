"""The county's administrator staffs the villages: a list tried and done, a gap filled, a leaver."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from puhui.parties import queries
from puhui.parties.models import Staff
from tests import world
from tests.journeys.site import Site
from tests.journeys.test_watchers import DESK, PHONE, at, is_as_wide_as_the_screen

pytestmark = pytest.mark.django_db(transaction=True)
HEAD = "姓名,手机号,单位,职责,乡镇,村\n"


@pytest.fixture
def county(chromium: Browser) -> world.World:
    return world.build()


@pytest.mark.slow
def test_m018_the_villages_are_staffed_from_a_list_and_a_gap_is_filled_by_hand(
    county: world.World, site: Site, chromium: Browser, tmp_path: Path
) -> None:
    page = at(chromium, site, county.admin, "/county/people/", DESK)
    expect(page.get_by_role("heading", name="每个村有没有人")).to_be_visible()
    assert len(queries.staff_gaps(world.SYSTEM)) == 3
    page.get_by_role("link", name="导入人员").click()

    wrong = tmp_path / "wrong.csv"
    wrong.write_text(f"{HEAD}钱小明,123,T01,村级金融专员,河湾镇,东湾村\n", encoding="utf-8")
    page.set_input_files("input[type=file]", wrong)
    page.get_by_role("button", name="先试一遍，不写入").click()
    expect(page.get_by_role("alert")).to_contain_text("有 1 处要改，什么都没有动")
    expect(page.get_by_role("cell", name="手机号", exact=True)).to_be_visible()

    right = tmp_path / "right.csv"
    lines = ("钱小明,19800009991,T01,村级金融专员,河湾镇,东湾村",
             "孙小红,19800009992,T02,村级金融专员,山前乡,前山村")  # fmt: skip
    right.write_bytes((HEAD + "\n".join(lines)).encode("gb18030"))
    page.set_input_files("input[type=file]", right)
    page.get_by_role("button", name="先试一遍，不写入").click()
    expect(page.get_by_text("试过了，没有错。还没有写入。")).to_be_visible()
    assert len(queries.staff_gaps(world.SYSTEM)) == 3
    page.get_by_role("button", name="就这么导入").click()
    expect(page.get_by_text("人员导入好了：添 2 行。")).to_be_visible()

    page.goto(f"{site.address}/county/people/")
    gap = page.locator(".gap")
    expect(gap).to_have_count(1)
    gap.get_by_role("link", name="补人").click()
    sheet = page.locator("#sheet-body")
    sheet.get_by_label("单位").select_option("T01")
    sheet.get_by_label("姓名").fill("赵小军")
    sheet.get_by_label("手机号").fill("1980000")
    sheet.get_by_role("button", name="添上").click()
    expect(sheet.get_by_role("alert")).to_contain_text("手机号是 11 位")
    sheet.get_by_label("手机号").fill("19800009993")
    sheet.get_by_text("现在就开账号").click()
    sheet.get_by_role("button", name="添上").click()
    expect(sheet.get_by_text("只给这一回")).to_be_visible()
    sheet.get_by_role("link", name="记下了").click()
    expect(page.get_by_role("heading", name="赵小军")).to_be_visible()
    assert queries.staff_gaps(world.SYSTEM) == []

    page.get_by_role("link", name="办离岗").click()
    expect(sheet.get_by_text("账号、登录马上停")).to_be_visible()
    sheet.get_by_role("button", name="离岗").click()
    expect(page.locator(".phead .late")).to_contain_text("离岗")
    assert not Staff.objects.get(ref=Staff.objects.latest("id").ref).is_active
    township = at(chromium, site, county.deputy, "/township/?list=people", PHONE)
    expect(township.get_by_text("西湾村").first).to_be_visible()
    for path in ("", "staff/", "places/", "imports/"):
        phone = at(chromium, site, county.admin, f"/county/people/{path}", PHONE)
        assert is_as_wide_as_the_screen(phone), path
        phone.close()
