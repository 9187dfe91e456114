"""The bulletin as a document that a word processor opens and edits."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import Any

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from puhui.oversight.printing.layout import BANK_HEAD, TOWNSHIP_HEAD, Paper

RED, FAINT = RGBColor(0xB8, 0x16, 0x0C), RGBColor(0x44, 0x44, 0x44)
SERIF, SANS, TITLE = "仿宋", "黑体", "方正小标宋简体"


def docx(page: Paper, address: str) -> bytes:
    """The same texts and tables as the PDF, as ordinary paragraphs and tables."""
    book: Any = Document()
    _page(book)
    _head(book, page)
    _titled(book, "一、总体")
    _words(book, page.overall)
    _titled(book, "二、银行", page.bank_note)
    _table(book, BANK_HEAD, page.banks)
    _titled(book, "三、乡镇", page.township_note)
    _table(book, TOWNSHIP_HEAD, [*page.townships, (page.total,)])
    _titled(book, "四、群众反映")
    _words(book, page.voices)
    _titled(book, "五、下月要做的三件事")
    for number, one in enumerate(page.todo, start=1):
        _words(book, f"{number}. {one}")
    _foot(book, page, address)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _page(book: Any) -> None:
    section = book.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(18), Mm(15)
    section.left_margin = section.right_margin = Mm(22)
    style = book.styles["Normal"]
    style.font.name, style.font.size = "Times New Roman", Pt(11)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), SERIF)
    style.paragraph_format.space_after = Pt(2)


def _run(paragraph: Any, text: str, *, face: str = SERIF, size: float = 11, **look: Any) -> Any:
    run = paragraph.add_run(text)
    run.font.size, run.font.name = Pt(size), "Times New Roman" if face == SERIF else face
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), face)
    run.bold = look.get("bold", False)
    if "colour" in look:
        run.font.color.rgb = look["colour"]
    return run


def _head(book: Any, page: Paper) -> None:
    if page.mark:
        mark = book.add_paragraph()
        mark.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        _run(mark, page.mark, face=SANS, size=9, colour=FAINT)
    for line in (f"{page.county}普惠金融服务平台", "运行情况通报"):
        title = book.add_paragraph()
        title.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _run(title, line, face=TITLE, size=22, bold=True, colour=RED)
    under = book.add_paragraph()
    under.paragraph_format.tab_stops.add_tab_stop(Mm(166), 2)
    _run(under, f"{page.office}\t{page.month}")
    _ruled(under)
    if page.correction:
        _run(book.add_paragraph(), page.correction, face=SANS, size=9.5, colour=RED)


def _ruled(paragraph: Any) -> None:
    """The red line under the head."""
    borders = paragraph._p.get_or_add_pPr().makeelement(qn("w:pBdr"), {})
    line = borders.makeelement(
        qn("w:bottom"),
        {qn("w:val"): "single", qn("w:sz"): "12", qn("w:space"): "4", qn("w:color"): "B8160C"},
    )
    borders.append(line)
    paragraph._p.get_or_add_pPr().append(borders)


def _titled(book: Any, title: str, note: str = "") -> None:
    paragraph = book.add_paragraph()
    paragraph.paragraph_format.space_before = Pt(8)
    paragraph.paragraph_format.keep_with_next = True
    _run(paragraph, title, face=SANS, size=12, bold=True)
    if note:
        _run(paragraph, f"  {note}", face=SANS, size=9, colour=FAINT)


def _words(book: Any, text: str) -> None:
    paragraph = book.add_paragraph()
    paragraph.paragraph_format.first_line_indent = Pt(22)
    _run(paragraph, text)


def _table(book: Any, heading: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    found = [list(row) for row in rows]
    table = book.add_table(rows=1 + len(found), cols=len(heading), style="Table Grid")
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    for place, text in enumerate(heading):
        _cell(table.cell(0, place), text.replace("\n", ""), is_first=place == 0, bold=True)
    for number, row in enumerate(found, start=1):
        if len(row) < len(heading):  # the last one says what the rest of the row is
            table.cell(number, len(row) - 1).merge(table.cell(number, len(heading) - 1))
        for place, text in enumerate(row):
            _cell(table.cell(number, place), text, is_first=place == 0 and len(row) > 1)


def _cell(cell: Any, text: str, *, is_first: bool, bold: bool = False) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.space_after = Pt(0)
    paragraph.alignment = WD_ALIGN_PARAGRAPH.LEFT if is_first else WD_ALIGN_PARAGRAPH.RIGHT
    _run(paragraph, text, face=SANS, size=9, bold=bold)


def _foot(book: Any, page: Paper, address: str) -> None:
    for line in (page.office, page.signed_on):
        signed = book.add_paragraph()
        signed.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        _run(signed, line)
    _run(book.add_paragraph(), page.foot.replace("扫码可验真伪。", ""), size=9, colour=FAINT)
    _run(book.add_paragraph(), f"验真地址：{address}", size=9, colour=FAINT)
    book.add_page_break()
    title = book.add_paragraph()
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _run(title, "附：各项指标怎么算", face=SANS, size=14, bold=True)
    _table(book, ("数", "算什么", "分母"), page.annex)
