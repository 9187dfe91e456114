"""The month's bulletin: counted from the ledger, worded, issued by a second person, kept for good."""

from __future__ import annotations

import hashlib
import io
import re
import zlib
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from docx import Document

from puhui.kernel import journal
from puhui.kernel.clock import local_date
from puhui.kernel.command import Invalid, Refused, database_now
from puhui.market.models import FinancingDemand, LoanReturn
from puhui.oversight import actions, queries
from puhui.oversight.models import Bulletin, BulletinFile
from puhui.oversight.printing.pdf import FONTS, _fonts
from puhui.oversight.terms import DEFINITIONS, Refusals
from tests import world
from tests.desks import watched
from tests.oversight import endings

VERIFY = "https://county.example/verify/{}/"


def last_month() -> date:
    return (local_date(database_now()).replace(day=1) - timedelta(days=1)).replace(day=1)


def in_last_month(ref: str) -> str:
    """The case happened in the middle of last month."""
    at = database_now().replace(year=last_month().year, month=last_month().month, day=15)
    FinancingDemand.objects.filter(ref=ref).update(published_at=at)
    LoanReturn.objects.filter(engagement__demand__ref=ref).update(paid_out_on=at.date())
    return ref


@pytest.fixture
def draft(county: world.World) -> str:
    for _ in range(2):
        in_last_month(endings.paid(county))
    in_last_month(endings.withdrawn(county))
    watched.published(county)  # this month's: not counted
    return actions.draft_bulletin(last_month(), by=county.supervisor)


def issued(county: world.World, ref: str) -> str:
    actions.issue_bulletin(ref, VERIFY.format, by=county.admin)
    return ref


def test_m014_the_bulletin_is_counted_from_the_ledger(county: world.World, draft: str) -> None:
    view = queries.bulletin(county.supervisor, draft)
    month = last_month()
    asked = [
        one
        for one in FinancingDemand.objects.all()
        if one.published_at and local_date(one.published_at).replace(day=1) == month
    ]
    loans = [
        one for one in LoanReturn.objects.all() if one.paid_out_on and one.paid_out_on >= month
    ]
    assert (view.figures["applied"], view.figures["applied_fen"]) == (
        len(asked),
        sum(one.amount_fen for one in asked),
    )
    assert (view.figures["disbursed"], view.figures["disbursed_fen"]) == (
        len(loans),
        sum(one.amount_fen or 0 for one in loans),
    )
    page = watched.read(watched.browser(county.supervisor).get(f"/county/bulletins/{draft}/"))
    assert "新增需求3笔30万元；放款2笔20万元" in page
    assert "不足20笔，不显示" in page and "草稿，未发布" in page


def test_m014_figures_stay_linked_and_generated_words_are_kept(
    county: world.World, draft: str
) -> None:
    typed = {
        "voices": "收钱 {收钱} 件；没接到电话 {没接到} 件，都问清了。",
        "first": "春耕用钱的多，备好人手。",
    }
    actions.edit_bulletin(draft, typed, by=county.supervisor)
    view = queries.bulletin(county.supervisor, draft)
    assert view.edited == typed and view.generated["voices"] != typed["voices"]
    assert "没接到电话 0 件，都问清了" in queries.bulletin_paper(county.supervisor, draft).voices
    for words, reason in (
        ("收钱 0 件；没接到 {没接到} 件", Refusals.FIGURE_TYPED),
        ("{收钱}{没接到}{存款}", Refusals.FIGURE_UNKNOWN),
        ("{收钱}{没接到", Refusals.FIGURE_UNKNOWN),
        ("{收钱.__class__}{没接到}", Refusals.FIGURE_UNKNOWN),
        ("{收钱:d}{没接到}", Refusals.FIGURE_UNKNOWN),  # no page could be written
        ("{收钱:>999999999}{没接到}", Refusals.FIGURE_UNKNOWN),  # a gigabyte of blanks
        ("{收钱!r}{没接到}", Refusals.FIGURE_UNKNOWN),
        ("", Refusals.WORDS_EMPTY),
        ("{收钱}{没接到}" + "长" * 400, Refusals.WORDS_LONG),
    ):
        with pytest.raises(Invalid) as refused:
            actions.edit_bulletin(draft, {"voices": words}, by=county.supervisor)
        assert {one.code for one in refused.value.errors} == {reason.code}
    assert queries.bulletin(county.supervisor, draft).edited == typed
    actions.recount_bulletin(draft, by=county.supervisor)
    assert queries.bulletin(county.supervisor, draft).edited == typed


def test_m014_a_second_person_issues_and_the_hash_stands_in_the_journal(
    county: world.World, draft: str
) -> None:
    with pytest.raises(Refused) as refused:
        actions.issue_bulletin(draft, VERIFY.format, by=county.supervisor)
    assert refused.value.reason == Refusals.SECOND_PERSON
    actions.edit_bulletin(draft, {"third": "说清去处。"}, by=county.admin)
    with pytest.raises(Refused):
        issued(county, draft)  # who edited is no second person either
    third = world.staff("C01", "孙监测", county.supervisor.role)
    actions.issue_bulletin(draft, VERIFY.format, by=third)
    view = queries.bulletin(county.supervisor, draft)
    body = queries.bulletin_file(county.supervisor, draft, "pdf", "")
    assert view.hashes["pdf"] == hashlib.sha256(body).hexdigest()
    (entry,) = [
        one for one in journal.timeline([("bulletin", draft)]) if one.action == "bulletin.issue"
    ]
    assert entry.facts["pdf_sha256"] == view.hashes["pdf"] and entry.by["ref"] == third.ref


def test_m014_an_issued_bulletin_never_changes(county: world.World, draft: str) -> None:
    issued(county, draft)
    for act in (
        lambda: actions.edit_bulletin(draft, {"third": "别的。"}, by=county.supervisor),
        lambda: actions.recount_bulletin(draft, by=county.supervisor),
        lambda: actions.discard_draft(draft, by=county.supervisor),
        lambda: issued(county, draft),
    ):
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.reason == Refusals.NOT_DRAFT
    for rows in (Bulletin.objects.filter(ref=draft), BulletinFile.objects.all()):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.delete()
    with pytest.raises(DatabaseError), transaction.atomic():
        Bulletin.objects.filter(ref=draft).update(edited={"third": "别的。"})


def test_m014_a_correction_is_a_new_edition(county: world.World, draft: str) -> None:
    issued(county, draft)
    before = queries.bulletin_file(county.supervisor, draft, "pdf", "")
    with pytest.raises(Refused) as refused:
        actions.correct_bulletin(draft, " ", by=county.supervisor)
    assert refused.value.reason == Refusals.CORRECTION
    in_last_month(endings.paid(county))
    fresh = actions.correct_bulletin(draft, "补上漏报的一笔放款", by=county.supervisor)
    assert queries.bulletin(county.supervisor, fresh).figures["disbursed"] == 3
    issued(county, fresh)
    old, new = (queries.bulletin(county.supervisor, ref) for ref in (draft, fresh))
    assert (new.edition, new.corrects, old.figures["disbursed"]) == (2, draft, 2)
    assert queries.bulletin_file(county.supervisor, draft, "pdf", "") == before
    text = Client().get(f"/verify/{old.verify_code}/").content.decode()
    assert "后来有更正" in text
    assert "后来有更正" not in Client().get(f"/verify/{new.verify_code}/").content.decode()


def test_m014_months_that_are_not_over_are_drafted_and_not_issued(county: world.World) -> None:
    today = local_date(database_now())
    ref = actions.draft_bulletin(today, by=county.supervisor)
    with pytest.raises(Refused) as refused:
        issued(county, ref)
    assert refused.value.reason == Refusals.MONTH_OPEN
    with pytest.raises(Refused) as refused:
        actions.draft_bulletin(today + timedelta(days=40), by=county.supervisor)
    assert refused.value.reason == Refusals.MONTH_BAD
    with pytest.raises(Refused) as refused:
        actions.draft_bulletin(today, by=county.supervisor)
    assert refused.value.reason == Refusals.DRAFT_THERE
    early = actions.draft_bulletin(last_month(), by=county.supervisor)
    Bulletin.objects.filter(ref=early).update(
        counted_at=database_now().replace(month=last_month().month, year=last_month().year, day=20)
    )
    with pytest.raises(Refused) as refused:
        issued(county, early)
    assert refused.value.reason == Refusals.STALE
    actions.recount_bulletin(early, by=county.supervisor)
    issued(county, early)


def _fonts_of(pdf: bytes) -> set[str]:
    """Names of the fonts inside a PDF, from its plain and its compressed parts."""
    parts = [pdf]
    for start in re.finditer(rb"stream\r?\n", pdf):
        try:
            parts.append(zlib.decompressobj().decompress(pdf[start.end() :]))
        except zlib.error:
            continue
    return set(re.findall(rb"/BaseFont */(?:[A-Z]{6}\+)?([A-Za-z-]+)", b"\n".join(parts)))


def test_m014_the_pdf_carries_its_own_fonts_and_every_character(
    county: world.World, draft: str
) -> None:
    words = "𠮷家庄、垚、喆、堃的事当天问清。"
    actions.edit_bulletin(draft, {"third": words}, by=county.supervisor)
    pdf = queries.bulletin_file(county.supervisor, draft, "pdf", VERIFY.format("x"))
    assert pdf.startswith(b"%PDF-")
    fonts = {one.decode() for one in _fonts_of(pdf)}
    assert fonts and all("CJK" in one or "Noto" in one for one in fonts), fonts
    assert len(pdf) < 600_000
    ours = [one for one in _fonts().fonts() if "CJK" in one.family]
    assert len(ours) == 2 and all(Path(one.path or "").parent == FONTS for one in ours)


def test_m014_the_document_opens_and_says_the_same(county: world.World, draft: str) -> None:
    body = queries.bulletin_file(county.supervisor, draft, "docx", VERIFY.format("x"))
    book = Document(io.BytesIO(body))
    paper = queries.bulletin_paper(county.supervisor, draft)
    text = "\n".join(one.text for one in book.paragraphs)
    for words in (paper.overall, paper.voices, *paper.todo, "附：各项指标怎么算"):
        assert words in text
    banks, townships, annex = book.tables
    assert [row.cells[0].text for row in banks.rows][1:] == [row[0] for row in paper.banks]
    assert townships.rows[-1].cells[0].text == paper.total
    assert [row.cells[0].text for row in annex.rows][1:] == [row[0] for row in paper.annex]
    names = {one.name for one in DEFINITIONS.values()}
    assert {row[0] for row in paper.annex} <= names


def test_m014_anybody_verifies_an_issued_page_and_nobody_a_draft(
    county: world.World, draft: str
) -> None:
    code = queries.bulletin(county.supervisor, draft).verify_code
    assert Client().get(f"/verify/{code}/").status_code == 404
    issued(county, draft)
    page = watched.read(Client().get(f"/verify/{code}/"))
    assert "这份通报是真的" in page and "新增需求3笔30万元" in page
    assert Client().get("/verify/0000000000000000/").status_code == 404
    deputy = watched.browser(county.deputy)
    for path in ("", f"{draft}/", f"{draft}/file.pdf", "draft"):
        assert deputy.get(f"/county/bulletins/{path}").status_code == 404


def test_m014_an_edition_of_an_older_program_is_still_printed(
    county: world.World, draft: str
) -> None:
    row = Bulletin.objects.get(ref=draft)
    newer = ("rechecked", "recheck_genuine", "visits", "unmet_closed", "closed", "opened")
    for place in row.figures["townships"]:
        for name in newer:
            del place[name]
    for name in ("events", "event_people", "over_ten_answered"):
        del row.figures[name]
    for bank in row.figures["banks"]:
        del bank["overall_tenths"]
    row.save(update_fields=["figures"])
    paper = queries.bulletin_paper(county.supervisor, draft)
    assert paper.townships[0][3:] == ("—", "—", "—", "—")
    assert queries.bulletin_file(county.supervisor, draft, "pdf", VERIFY.format("x"))
    page = watched.browser(county.supervisor).get(f"/county/bulletins/{draft}/")
    assert page.status_code == 200
