"""The editor at county and township: write, preview, publish, tables by sheet and row, files, answers."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from puhui.content import actions, queries
from puhui.content.models import Entry
from puhui.content.terms import ReportForm
from puhui.kernel.actor import ANYONE, SYSTEM
from puhui.kernel.clock import local
from puhui.kernel.command import database_now
from tests import world
from tests.content import written
from tests.desks import watched
from tests.files import bombs

pytestmark = pytest.mark.django_db
ARTICLE = {
    "title": "贴息办法",
    "relation": "买农机的看看。",
    "body": "**三千元**以下的，当月就贴。",
    "source": "县财政局",
    "dated_on": "2026-11-01",
    "check": "own",
    "version": "0",
}


def read(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


@pytest.fixture
def county() -> world.World:
    return world.build(banks=1)


@pytest.fixture
def admin(county: world.World) -> Client:
    return watched.browser(county.admin)


def test_an_article_is_written_looked_at_published_and_taken_down(admin: Client) -> None:
    begun = admin.post("/county/articles/new", {"section": "news:county", "township": ""})
    assert begun["Location"] == "/county/articles/new/news/county"
    looked = admin.post(begun["Location"], {**ARTICLE, "preview": "1"})
    assert "<strong>三千元</strong>" in looked.content.decode()
    assert not Entry.objects.exists(), "only looked at"
    saved = admin.post(begun["Location"], ARTICLE)
    entry = saved["Location"]
    assert "草稿" in read(admin, entry)
    assert "请写标题" in admin.post(f"{entry}edit", {**ARTICLE, "title": ""}).content.decode()
    assert admin.post(f"{entry}publish", {"at": ""}).status_code == 302
    assert "贴息办法" in Client().get("/places/news/").content.decode()
    form = admin.get(f"{entry}edit").content.decode()
    assert 'name="version" value="1"' in form and 'value="2026-11-01"' in form
    admin.post(f"{entry}edit", {**ARTICLE, "title": "贴息办法（改）", "version": "1"})
    assert "有改动没发" in read(admin, entry)
    stale = admin.post(f"{entry}edit", {**ARTICLE, "title": "又改", "version": "1"})
    assert stale.status_code == 409 and "刚才有人改过" in stale.content.decode()
    assert "贴息办法（改）" not in Client().get("/places/news/").content.decode()
    assert "贴息办法" in admin.get(f"{entry}versions/1").content.decode()
    admin.post(f"{entry}withdraw", {"words": "写错了"})
    assert "贴息办法" not in Client().get("/places/news/").content.decode()
    assert admin.get("/county/articles/?state=withdrawn&q=贴息").content.decode().count("贴息") >= 1


def test_publication_at_a_time_past_is_refused_beside_its_field(admin: Client) -> None:
    ref = written.article(publish=False)
    answer = admin.post(f"/county/articles/{ref}/publish", {"at": "2020-01-01T10:00"})
    assert answer.status_code == 422 and "定时发布要选现在以后的时间" in answer.content.decode()
    tomorrow = local(database_now() + timedelta(days=1))
    admin.post(f"/county/articles/{ref}/publish", {"at": f"{tomorrow:%Y-%m-%dT%H:%M}"})
    assert queries.editor_entry(SYSTEM, ref).card.state == "scheduled"
    assert "不定时发了" in read(admin, f"/county/articles/{ref}/")
    admin.post(f"/county/articles/{ref}/unschedule")
    assert queries.editor_entry(SYSTEM, ref).card.state == "draft"


def test_the_shipped_news_come_in_as_drafts_for_the_county_to_check(admin: Client) -> None:
    admin.post("/county/articles/shipped")
    assert Entry.objects.filter(state="draft", latest__check_state="seen").count() == 13
    ref = Entry.objects.filter(place="news").first().ref  # type: ignore[union-attr]
    admin.post(f"/county/articles/{ref}/check", {"check": "checked", "version": "1"})
    assert "核对过原文" in read(admin, f"/county/articles/{ref}/")


def test_m025_a_township_puts_its_villages_table_up_by_sheet_and_by_row(
    county: world.World,
) -> None:
    deputy = watched.browser(county.deputy)
    new = deputy.post(
        "/township/articles/new", {"section": "village:assets", "township": world.TOWNSHIP}
    )
    shown = deputy.get(new["Location"]).content.decode()
    assert "东湾村" in shown and "前山村" not in shown
    fields = {"title": "集体资产", "check": "own", "version": "0", "period": "2026Q3"}
    assert "请选是哪个村的" in deputy.post(new["Location"], fields).content.decode()
    entry = deputy.post(new["Location"], {**fields, "division_code": world.VILLAGE})["Location"]
    assert "本村本季度无此项" in read(deputy, entry)
    bad = written.xlsx(("名称", "数量", "一年收多少租金"), ("机井", "", "很多"))
    told = deputy.post(f"{entry}upload", {"file": SimpleUploadedFile("表.xlsx", bad)})
    page = told.content.decode()
    assert "有 2 处不对，什么都没有写入" in page and "第 2 行“数量”" in page
    good = written.xlsx(("名称", "数量"), ("机井", "2 眼"), ("坑塘", "1 处"))
    tried = deputy.post(
        f"{entry}upload", {"file": SimpleUploadedFile("表.xlsx", good), "preview": "1"}
    )
    assert "试过了，没有错，还没有写入" in tried.content.decode()
    deputy.post(f"{entry}upload", {"file": SimpleUploadedFile("表.xlsx", good)})
    wrong = deputy.post(f"{entry}rows/1", {"name": "机井", "quantity": "2 眼", "rent": "很多"})
    assert wrong.status_code == 422 and "要填多少元" in wrong.content.decode()
    deputy.post(f"{entry}rows/1", {"name": "机井", "quantity": "3 眼", "rent": "1200.5"})
    deputy.post(f"{entry}rows/0", {"name": "路灯", "quantity": "26 盏"})
    deputy.post(f"{entry}rows/2/drop")
    deputy.post(f"{entry}publish", {"at": ""})
    village = Client().get(f"/places/village/of/{world.VILLAGE}/").content.decode()
    assert "3 眼" in village and "1,200.50 元" in village and "路灯" in village
    assert "坑塘" not in village


def test_m1_an_attachment_is_cleaned_or_refused_beside_its_field(admin: Client) -> None:
    ref = written.article()
    photo = SimpleUploadedFile("现场.png", bombs.picture("PNG", place=True))
    admin.post(f"/county/articles/{ref}/attach", {"file": photo, "name": ""})
    assert queries.entry(ANYONE, ref).attachments[0].name == "现场"
    assert b"SomeCamera" not in admin.get(f"/county/articles/{ref}/files/1/").content
    evil = SimpleUploadedFile("通知.pdf", bombs.pdf(b"/OpenAction<</S/JavaScript/JS(1)>>"))
    told = admin.post(f"/county/articles/{ref}/attach", {"file": evil})
    assert told.status_code == 422 and "带程序、表单" in told.content.decode()
    assert 'enctype="multipart/form-data"' in read(admin, f"/county/articles/{ref}/attach")
    admin.post(f"/county/articles/{ref}/files/1/drop")
    assert queries.entry(ANYONE, ref).attachments == ()


def test_m025_what_villagers_ask_is_answered_at_the_desk(county: world.World) -> None:
    form = ReportForm("wrong", "路灯换了 26 盏，我数着只有 20 盏。", section="transactions")
    ref = actions.report_on_village(world.VILLAGE, form, by=county.applicant)
    deputy = watched.browser(county.deputy)
    listed = read(deputy, "/township/village-reports/")
    assert "路灯换了 26 盏" in listed and "东湾村" in listed and "李" not in listed
    assert "挂在村里的页上" not in read(deputy, f"/township/village-reports/{ref}/answer")
    deputy.post(
        f"/township/village-reports/{ref}/answer", {"answer": "数过了，是 26 盏。", "to": "own"}
    )
    assert "只给本人" in read(deputy, "/township/village-reports/?state=answered")
    other = watched.browser(county.other_deputy)
    assert "路灯" not in read(other, "/township/village-reports/")
    assert other.get(f"/township/village-reports/{ref}/answer").status_code == 404


def test_other_desks_and_strangers_find_no_editor(county: world.World) -> None:
    ref = written.article(publish=False)
    for who in (county.bank.head, county.deputy):
        assert watched.browser(who).get(f"/county/articles/{ref}/").status_code in (302, 404)
    assert Client().get("/county/articles/")["Location"].startswith("/staff/sign-in")
    assert watched.browser(county.deputy).get(f"/township/articles/{ref}/").status_code == 404
    assert re.search("没有找到", Client().get(f"/places/news/{ref}/").content.decode())


def test_articles_of_a_township_are_its_deputys_desk_alone(county: world.World) -> None:
    for who, status in ((county.deputy, 200), (county.admin, 404), (county.supervisor, 404)):
        assert watched.browser(who).get("/township/articles/").status_code == status
