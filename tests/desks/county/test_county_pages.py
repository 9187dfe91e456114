"""The county's pages: the lists, logging a supervision call, the ledger, cases, banks, findings."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from puhui.kernel.actor import SYSTEM
from puhui.kernel.clock import local
from puhui.kernel.command import database_now
from puhui.market import actions, queries
from puhui.market.queries import LedgerFilter
from puhui.parties import actions as parties
from puhui.parties.models import Staff
from puhui.parties.terms import Shift, mask_name
from tests import world
from tests.desks import watched
from tests.desks.watched import read

pytestmark = pytest.mark.django_db


@pytest.fixture
def county() -> world.World:
    return world.build(banks=3)


@pytest.fixture
def desk(county: world.World) -> Client:
    return watched.browser(county.supervisor)


def record(county: world.World) -> str:
    return queries.supervision_ledger(county.supervisor, LedgerFilter()).rows[0].ref


def test_the_five_lists_say_what_is_good_when_they_are_empty(desk: Client) -> None:
    page = read(desk.get("/county/"))
    for words in (
        "此刻没有银行超时。",
        "每一笔都有银行接。",
        "都在日子里。",
        "两边说的都对得上。",
        "今天的回访打完了。",
    ):
        assert words in page


def test_m011_the_most_late_bank_stands_on_top_with_both_numbers_to_dial(
    county: world.World, desk: Client
) -> None:
    watched.overdue(county, 0, seconds=700)
    late = watched.overdue(county, 1, seconds=1200)
    answer = desk.get("/county/")
    page, body = read(answer), answer.content.decode()
    assert page.index("试验二号银行·1笔") < page.index("试验一号银行1笔")
    assert "超10分" in page
    assert "今天第1次" in page
    assert f"/county/cases/{late.ref}/" in body
    dial = re.search(r'href="(/county/supervision/\w+/log\?to=officer)"', body)
    assert dial
    sheet = desk.get(dial[1])
    assert 'href="tel:1990000' in sheet.content.decode()
    assert f"贵行编号{late.ref}" in read(sheet)
    assert "周*理（值班）" in sheet.content.decode()
    head = desk.get(dial[1].replace("officer", "head"))
    assert "马*长（行长）" in head.content.decode()


def test_m011_logging_a_call_keeps_what_was_typed_and_stands_in_the_ledger(
    county: world.World, desk: Client
) -> None:
    watched.overdue(county)
    address = f"/county/supervision/{record(county)}/log"
    wrong = desk.post(address, {"to": "", "words": "", "promised_at": "2020-01-01T08:00"})
    assert wrong.status_code == 422
    page = read(wrong)
    for words in ("请写打给谁。", "请写一句对方怎么说。", "“几点前改”要在现在以后。"):
        assert words in page
    assert "2020-01-01T08:00" in wrong.content.decode()
    soon = f"{local(database_now() + timedelta(minutes=12)):%Y-%m-%dT%H:%M}"
    sent = {"to": "马*（行长）", "words": "马上打", "promised_at": soon}
    assert desk.post(address, sent).status_code == 302
    page = read(desk.get("/county/supervision/"))
    assert "刘*测打给马*（行长）：马上打，" in page
    assert "系统通知值班周*理（站内和短信）" in page
    assert "系统通知行长马*长（站内和短信）" in page
    assert "已催1次" in read(desk.get("/county/"))


def test_the_ledger_is_filtered_by_its_address_and_taken_away(
    county: world.World, desk: Client
) -> None:
    mine, other = watched.overdue(county, 0), watched.overdue(county, 1)
    page = desk.get("/county/supervision/?bank=B02").content.decode()
    assert other.ref in page
    assert mine.ref not in page
    assert "没有符合这些条件的督导" in read(desk.get("/county/supervision/?state=closed"))
    assert "没有符合这些条件的督导" in read(desk.get("/county/supervision/?since=2199-01-01"))
    sheet = desk.get("/county/supervision/?bank=B02&format=csv")
    rows = list(csv.reader(io.StringIO(sheet.content.decode("utf-8-sig"))))
    assert [row[1] for row in rows] == ["编号", other.ref]
    assert "系统通知值班" in rows[1][-1]
    book = desk.get("/county/supervision/?format=xlsx")
    table = (
        CalamineWorkbook.from_filelike(io.BytesIO(book.content)).get_sheet_by_index(0).to_python()
    )
    assert {row[1] for row in table[1:]} == {mine.ref, other.ref}


def test_cases_are_filtered_searched_and_taken_away(county: world.World, desk: Client) -> None:
    first, late = watched.called(county), watched.overdue(county, 1)
    far = watched.published(county, world.OTHER_VILLAGE)

    def shown(query: str) -> set[str]:
        body = desk.get(f"/county/cases/?{query}").content.decode()
        return {ref for ref in (first.ref, late.ref, far.ref) if f"/county/cases/{ref}/" in body}

    assert shown("") == {first.ref, late.ref, far.ref}
    assert shown(f"q={first.ref}") == {first.ref}
    assert shown(f"township={world.OTHER_TOWNSHIP}") == {far.ref}
    assert shown("bank=B02") == {late.ref}
    assert shown("state=published") == {far.ref}
    assert shown("late=callback") == {late.ref}
    assert shown("callback=self_reported") == {first.ref}
    assert shown("since=2199-01-01") == set()
    assert "日期要写成" in read(desk.get("/county/cases/?since=nonsense"))
    assert "没有符合这些条件的单子" in read(desk.get("/county/cases/?state=expired"))
    sheet = desk.get("/county/cases/?bank=B02&format=csv").content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(sheet)))
    assert [row[0] for row in rows] == ["编号", late.ref]
    assert rows[1][4] == "100000"


def test_pages_of_cases_follow_without_a_gap(county: world.World, desk: Client) -> None:
    from puhui.desks.shared.watching import case_table

    refs = {watched.published(county).ref for _ in range(5)}
    was, case_table.PAGE = case_table.PAGE, 2
    try:
        seen, address = [], "/county/cases/?state=published"
        while address:
            body = desk.get(address).content.decode()
            seen += re.findall(r'data-row="(\d+)"', body)
            found = re.search(r'href="(\?[^"]*)" rel="next"', body)
            address = f"/county/cases/{found[1].replace('&amp;', '&')}" if found else ""
    finally:
        case_table.PAGE = was
    assert len(seen) == len(refs) == 5
    assert set(seen) == refs


def test_every_figure_of_the_head_and_of_a_bank_opens_its_cases(
    county: world.World, desk: Client
) -> None:
    watched.called(county)
    watched.overdue(county)
    watched.published(county)
    for page in ("/county/", "/county/banks/"):
        body = desk.get(page).content.decode()
        links = re.findall(r'<a href="(/county/cases/\?[^"]+)"[^>]*>(\d+)</a>', body)
        assert len(links) >= 2, page
        for address, figure in links:
            opened = read(desk.get(address.replace("&amp;", "&")))
            assert f"全部单子{figure}笔" in opened, address
    assert "50%" in read(desk.get("/county/"))
    assert "共2笔" in read(desk.get("/county/"))


def test_the_definitions_name_the_limits_in_force(county: world.World, desk: Client) -> None:
    actions.set_clock_rules({"callback_seconds": 240}, by=county.admin)
    assert "群众的表走到240秒之前" in read(desk.get("/county/definitions"))


def test_a_case_nobody_claims_is_pushed_handed_on_and_phoned(
    county: world.World, desk: Client
) -> None:
    case = watched.unclaimed(county)
    assert "责任银行：还没定" in read(desk.get("/county/"))
    refused = desk.post(f"/county/cases/{case.ref}/push")
    assert refused.status_code == 409
    assert "还没有定责任银行" in read(refused)
    parties.set_village_banks([(world.VILLAGE, "B03")], by=SYSTEM)
    assert "责任银行：试验三号银行" in read(desk.get("/county/"))
    assert desk.post(f"/county/cases/{case.ref}/push").status_code == 302
    (follow_up,) = queries.watched_case(county.supervisor, case.ref).open_follow_ups
    hand = f"/county/cases/{case.ref}/follow-ups/{follow_up.ref}/hand"
    assert desk.post(hand).status_code == 302
    assert "李为民" in read(desk.post(f"/county/cases/{case.ref}/phone"))
    page = read(desk.get(f"/county/cases/{case.ref}/"))
    for words in ("县里请责任银行来接", "县里交给镇里跟进", "陈*长跟进", "看了姓名、电话、村庄"):
        assert words in page


def test_a_case_is_reassigned_only_with_the_applicants_word(
    county: world.World, desk: Client
) -> None:
    case = watched.claimed(county)
    address = f"/county/cases/{case.ref}/engagements/{case.engagement}/reassign"
    assert "试验二号银行" in read(desk.get(address))
    assert desk.post(address, {"bank": "B02"}).status_code == 302
    assert "发短信问本人了，回1就改派。" in read(desk.get(f"/county/cases/{case.ref}/"))
    (before,) = queries.watched_case(county.supervisor, case.ref).engagements
    assert (before.bank_ref, before.state) == ("B01", "claimed")
    assert desk.post(address, {"bank": "B02"}).status_code == 409
    assert desk.post(address, {"bank": "B01", "applicant_agreed": "on"}).status_code == 422
    assert desk.post(address, {"bank": "B02", "applicant_agreed": "on"}).status_code == 302
    engagements = queries.watched_case(county.supervisor, case.ref).engagements
    assert [(one.bank_ref, one.state) for one in engagements] == [
        ("B01", "released"),
        ("B02", "claimed"),
    ]
    assert desk.post(address, {"bank": "B03", "applicant_agreed": "on"}).status_code == 409


def test_somebody_took_money_is_pinned_until_it_is_handed_on(
    county: world.World, desk: Client
) -> None:
    short = watched.called(county, seconds=4)
    case = watched.called(county)
    actions.refuse(case.engagement, "R07", by=county.bank.officer)
    actions.rate_service(case.engagement, money_taken=True, by=case.applicant)
    page = read(desk.get("/county/"))
    assert page.index("有人收钱") < page.index("10秒以内的“打通了”")
    assert "pinned" in desk.get("/county/").content.decode()
    (row,) = queries.county_lists(county.supervisor).integrity
    address = f"/county/integrity/{row.ref}/hand"
    empty = desk.post(address, {"receiver": ""})
    assert empty.status_code == 422
    assert "请选转给哪个部门。" in read(empty) and "编号是多少" in read(empty)
    typed = {"office": "discipline", "receiver": "信访室王同志，2026-31 号"}
    assert desk.post(address, typed).status_code == 302
    assert "有人收钱银行" not in read(desk.get("/county/"))
    assert "件1" not in read(desk.get("/county/"))
    assert short.ref in desk.get("/county/").content.decode()
    told = read(desk.get(f"/county/integrity/{row.ref}/"))
    assert "转给·纪检监察" in told and "信访室王同志" in told
    for nobody in (county.deputy, county.bank.head, county.bank.officer):
        browser = watched.browser(nobody)
        for page in ("", f"{row.ref}/", f"{row.ref}/hand"):
            assert browser.get(f"/county/integrity/{page}").status_code == 404
    assert desk.get(f"/county/cases/{case.ref}/mismatches/money_taken").status_code == 404
    for kind in ("gossip", "callback"):
        expected = 404 if kind == "gossip" else 200
        assert desk.get(f"/county/cases/{case.ref}/mismatches/{kind}").status_code == expected


def test_all_plans_go_on_when_the_applicant_cannot_be_asked(
    county: world.World, desk: Client
) -> None:
    from tests.market.ageing import age

    case = watched.called(county)
    actions.submit_plan(case.engagement, world.PLAN, by=county.bank.officer)
    address = f"/county/cases/{case.ref}/keep-all"
    assert desk.post(address).status_code == 409
    age(case.ref, 86_500)
    watched.sweep()
    assert address in desk.get(f"/county/cases/{case.ref}/").content.decode()
    assert desk.post(address).status_code == 302
    assert queries.watched_case(county.supervisor, case.ref).engagements[0].state == "kept"


def test_what_is_missing_is_not_there(desk: Client) -> None:
    for address in (
        "/county/cases/999999/",
        "/county/cases/999999/note",
        "/county/supervision/999999/log",
        "/county/cases/999999/engagements/1/reassign",
    ):
        assert desk.get(address).status_code == 404, address


def test_an_administrator_reads_the_lists_and_does_not_log_calls(county: world.World) -> None:
    watched.overdue(county)
    desk = watched.browser(county.admin)
    page = desk.get("/county/")
    assert page.status_code == 200
    assert "打给值班" not in read(page)
    assert desk.get(f"/county/supervision/{record(county)}/log").status_code == 404


def test_nobody_else_opens_the_desk(county: world.World) -> None:
    for address in ("/county/", "/county/cases/", "/county/supervision/", "/county/alarms"):
        assert Client().get(address).status_code == 302
        for actor in (county.bank.officer, county.bank.head, county.deputy):
            assert watched.browser(actor).get(address).status_code == 404, address


def test_pages_cost_the_same_however_many_cases_there_are(
    county: world.World, desk: Client
) -> None:
    def cost(address: str) -> int:
        desk.get(address)
        with CaptureQueriesContext(connection) as caught:
            desk.get(address)
        return len(caught)

    def more() -> None:
        watched.unclaimed(county)
        watched.overdue(county)
        watched.overdue(county, 1)
        watched.called(county, seconds=4)

    more()
    addresses = ("/county/", "/county/cases/", "/county/supervision/", "/county/banks/")
    before = {one: cost(one) for one in addresses}
    more()
    more()
    assert {one: cost(one) for one in addresses} == before
    assert before["/county/"] <= 32
    assert max(before.values()) <= 32


def test_the_head_names_who_is_on_duty_at_the_county_masked(county: world.World) -> None:
    client = watched.browser(county.supervisor)
    assert "现在没有人值班" in read(client.get("/county/"))
    now = database_now()
    turn = Shift(county.supervisor.ref, now - timedelta(hours=1), now + timedelta(hours=1))
    parties.set_roster(county.supervisor.organisation_ref, [turn], by=SYSTEM)
    name = Staff.objects.get(ref=county.supervisor.ref).name
    shown = read(client.get("/county/lists"))
    assert f"值班：{mask_name(name)}（" in shown
    assert name not in shown
