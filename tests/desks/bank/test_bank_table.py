"""All engagements as a table: narrowed, sorted, searched, paged, exported."""

import csv
import io
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from puhui.desks.bank import table
from puhui.market import actions
from tests import world
from tests.desks.bank.cases import walk
from tests.desks.watched import browser, overdue, read

pytestmark = pytest.mark.django_db


def listed(client: Client, query: str = "") -> list[str]:
    page = client.get(f"/bank/engagements/{query}").content.decode()
    return re.findall(r'<tr data-row="([^"]+)"', page)


def named(client: Client, name: str) -> list[str]:
    """What is found by a name, which is posted."""
    page = client.post("/bank/engagements/", {"q": name}).content.decode()
    return re.findall(r'<tr data-row="([^"]+)"', page)


def test_the_address_narrows_sorts_and_searches() -> None:
    county = world.build()
    small = walk(county, "claimed", amount_fen=3_000_000)
    large = walk(county, "signed", amount_fen=60_000_000)
    ended = walk(county, "called_back")
    actions.refuse(ended.engagement, "R01", by=county.bank.officer)
    late = overdue(county)
    walk(county, "claimed", bank=1)
    client = browser(county.bank.officer)
    newest = [late.engagement, ended.engagement, large.engagement, small.engagement]
    assert sorted(listed(client)) == sorted(newest)
    assert listed(client, "?state=signed") == [large.engagement]
    assert set(listed(client, "?which=live")) == set(newest) - {ended.engagement}
    assert listed(client, "?which=ended") == [ended.engagement]
    assert listed(client, "?which=late") == [late.engagement]
    assert listed(client, "?sort=largest")[0] == large.engagement
    assert listed(client, "?sort=smallest")[0] == small.engagement
    assert listed(client, f"?q={small.ref}") == [small.engagement]
    assert listed(client, f"?q={small.code}") == [small.engagement]
    assert listed(client, f"?officer={county.bank.head.ref}") == []
    assert listed(client, "?since=2199-01-01") == []
    assert sorted(listed(client, "?state=nonsense&sort=nonsense&since=x")) == sorted(newest)


def test_a_code_of_a_case_handed_back_finds_nothing() -> None:
    county = world.build()
    case = walk(county, "claimed")
    actions.release(case.engagement, "太远", by=county.bank.officer)
    client = browser(county.bank.officer)
    assert listed(client, f"?q={case.code}") == []
    assert listed(client, f"?q={case.ref}") == [case.engagement]
    assert case.code not in client.get("/bank/engagements/").content.decode()


def test_an_empty_table_says_why() -> None:
    county = world.build()
    client = browser(county.bank.officer)
    assert "还没有接过单" in read(client.get("/bank/engagements/"))
    assert "这样筛没有单子" in read(client.get("/bank/engagements/?which=late"))


@pytest.mark.parametrize("sort", ["newest", "oldest", "largest", "smallest", "stillest"])
def test_pages_neither_skip_nor_repeat(sort: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "PAGE_ROWS", 2)
    county = world.build()
    every = {walk(county, "claimed").engagement for _ in range(5)}
    client = browser(county.bank.officer)
    seen: list[str] = []
    address = f"/bank/engagements/?sort={sort}"
    while address:
        page = client.get(address).content.decode()
        seen += re.findall(r'<tr data-row="([^"]+)"', page)
        found = re.search(r'href="([^"]+)" rel="next"', page)
        address = found[1].replace("&amp;", "&") if found else ""
    assert len(seen) == 5 and set(seen) == every


def test_another_banks_row_is_no_edge() -> None:
    county = world.build()
    theirs = walk(county, "claimed", bank=1)
    walk(county, "claimed")
    assert listed(browser(county.bank.officer), f"?after={theirs.engagement}") == []


def test_statements_do_not_grow_with_rows() -> None:
    county = world.build()
    walk(county, "claimed")
    client = browser(county.bank.officer)
    listed(client)
    with CaptureQueriesContext(connection) as few:
        listed(client)
    for _ in range(6):
        walk(county, "called_back")
    with CaptureQueriesContext(connection) as many:
        assert len(listed(client)) == 7
    assert len(many) == len(few)


def test_csv_holds_the_filtered_rows_masked_and_tamed() -> None:
    county = world.build()
    case = walk(county, "called_back")
    walk(county, "claimed")
    client = browser(county.bank.officer)
    answer = client.get("/bank/engagements.csv?state=called_back")
    text = answer.content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert (
        answer.content.startswith(b"\xef\xbb\xbf") and "attachment" in answer["Content-Disposition"]
    )
    assert len(rows) == 2
    line = dict(zip(rows[0], rows[1], strict=True))
    assert line["编号"] == case.ref and line["客户"] == "赵*勇" and line["金额（万元）"] == "10"
    assert line["办到哪一步"] == "等方案" and "赵大勇" not in text


def test_a_spreadsheet_opens_with_numbers_as_numbers() -> None:
    county = world.build()
    case = walk(county, "called_back", amount_fen=5_500_000)
    answer = browser(county.bank.officer).get("/bank/engagements.xlsx")
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0)
    head, row = sheet.to_python()
    line = dict(zip(head, row, strict=True))
    assert line["金额（万元）"] == 5.5 and line["对接号"] == case.code


def test_an_unknown_form_of_export_does_not_exist() -> None:
    county = world.build()
    assert browser(county.bank.officer).get("/bank/engagements.pdf").status_code == 404


def test_a_name_is_found_among_ones_own_open_cases_only() -> None:
    county = world.build()
    case = walk(county, "kept")
    ended = walk(county, "called_back")
    actions.refuse(ended.engagement, "R07", by=county.bank.officer)
    mine, head = browser(county.bank.officer), browser(county.bank.head)
    for typed in ("赵大勇", "大勇", "zdy"):
        assert named(mine, typed) == [case.engagement]
        assert named(head, typed) == []
    assert named(mine, "大") == []
    actions.hand_over(case.engagement, county.bank.head.ref, by=county.bank.officer)
    assert named(mine, "赵大勇") == [] and named(head, "赵大勇") == [case.engagement]
    page = head.post("/bank/engagements/", {"q": "大勇", "which": "live"}).content.decode()
    assert "赵大勇" not in page and "按姓名“大勇”查的" in page
    assert not re.search(r'href="[^"]*(?:q=|大勇|%E5%A4%A7)', page)


def test_a_name_stands_in_no_address_and_a_number_may() -> None:
    county = world.build()
    case = walk(county, "kept")
    mine = browser(county.bank.officer)
    assert listed(mine, "?q=赵大勇") == listed(mine)  # as if nothing had been asked
    assert "查的是" not in mine.get("/bank/engagements/?q=赵大勇").content.decode()
    answer = mine.post("/bank/engagements/", {"q": case.ref, "which": "live", "state": ""})
    assert answer["Location"] == f"/bank/engagements/?q={case.ref}&which=live"
    place = mine.post("/bank/engagements/", {"q": "河湾"})
    assert place.status_code == 302 and "q=" in place["Location"]
    assert 'name="q"' in mine.get("/bank/engagements/").content.decode()


def test_townships_columns_and_heads_live_in_the_address() -> None:
    county = world.build()
    small = walk(county, "kept", amount_fen=3_000_000)
    large = walk(county, "kept", amount_fen=9_000_000)
    client = browser(county.bank.officer)
    here = f"?township={world.TOWNSHIP}&col=amount&col=called&sort=largest"
    assert listed(client, here) == [large.engagement, small.engagement]
    page = client.get(f"/bank/engagements/{here}").content.decode()
    heads = re.findall(r'<th scope="col"[^>]*>(?:<a[^>]*>)?([^<]+)', page)
    assert heads == ["编号", "金额（万元）", "首次来电"]
    turned = re.search(r'href="([^"]+)" aria-current="true" data-way="↓"', page)
    assert turned and "sort=smallest" in turned[1] and "col=called" in turned[1]
    assert listed(client, f"?township={world.OTHER_TOWNSHIP}") == []
    assert listed(client, "?q=河湾") == [large.engagement, small.engagement]
    assert listed(client, "?officer=none") == []
