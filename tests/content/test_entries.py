"""Entries: written, published at once or at a time, kept by version, withdrawn, found."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from puhui.content import actions, queries
from puhui.content.actions.publishing import publish_due
from puhui.content.models import Entry, EntryVersion
from puhui.content.queries.editing import EditorFilter
from puhui.content.rendering import html_of
from puhui.content.terms import FORMS, EntryForm, Place
from puhui.kernel.actor import ANYONE, SYSTEM, NotAllowed
from puhui.kernel.command import Invalid, Refused, database_now
from puhui.kernel.models import UnsealedEntry
from tests import world
from tests.content import written

pytestmark = pytest.mark.django_db


@pytest.fixture
def county() -> world.World:
    return world.build(banks=1)


def _titles(place: str = "news", **facts: str) -> list[str]:
    return [card.title for card in queries.entries(ANYONE, place, **facts).cards]


def test_a_draft_is_nobodys_to_read_and_a_published_one_everybodys(county: world.World) -> None:
    ref = written.article(county.admin, publish=False)
    assert _titles() == []
    with pytest.raises(Refused):
        queries.entry(ANYONE, ref)
    actions.publish(ref, by=county.admin)
    assert _titles() == ["担保费补贴申请指南"]
    assert "<ol>" in queries.entry(ANYONE, ref).html


def test_each_save_is_a_version_and_readers_keep_the_published_one(county: world.World) -> None:
    ref = written.article(county.admin)
    form = queries.editor_entry(county.admin, ref).form
    actions.write(replace(form, title="改过的标题"), by=county.admin)
    assert _titles() == ["担保费补贴申请指南"]
    assert queries.editor_entry(county.admin, ref).card.is_changed
    actions.publish(ref, by=county.admin)
    assert _titles() == ["改过的标题"]
    kept = queries.versions(county.admin, ref)
    assert [(one.number, one.is_live) for one in kept] == [(2, True), (1, False)]
    assert queries.version_text(county.admin, ref, 1).card.title == "担保费补贴申请指南"
    bodies = list(UnsealedEntry.objects.filter(subject_ref=ref).values_list("body", flat=True))
    assert sum("entry_written" in body for body in bodies) == 2
    assert sum("entry_published" in body for body in bodies) == 2


def test_two_editors_do_not_overwrite_each_other(county: world.World) -> None:
    ref = written.article(county.admin)
    form = queries.editor_entry(county.admin, ref).form
    actions.write(replace(form, title="一个人改的"), by=county.admin)
    with pytest.raises(Refused) as told:
        actions.write(replace(form, title="另一个人改的"), by=county.supervisor)
    assert told.value.reason.code == "edited_meanwhile"
    assert EntryVersion.objects.count() == 2


def test_a_publication_comes_at_its_time_and_can_be_called_off(county: world.World) -> None:
    ref = written.article(county.admin, publish=False)
    later = database_now() + timedelta(hours=1)
    actions.publish(ref, later, by=county.admin)
    assert publish_due(by=SYSTEM) == 0
    actions.unschedule(ref, by=county.admin)
    actions.publish(ref, later, by=county.admin)
    Entry.objects.update(publish_at=database_now() - timedelta(seconds=1))
    assert publish_due(by=SYSTEM) == 1 and publish_due(by=SYSTEM) == 0
    assert _titles() == ["担保费补贴申请指南"]
    for wrong in (database_now() - timedelta(minutes=1), database_now() + timedelta(days=400)):
        with pytest.raises(Refused) as told:
            actions.publish(ref, wrong, by=county.admin)
        assert told.value.reason.code == "publish_past"


def test_what_is_withdrawn_is_gone_for_readers_and_kept_for_the_record(county: world.World) -> None:
    ref = written.article(county.admin)
    with pytest.raises(Refused):
        actions.withdraw(ref, " ", by=county.admin)
    actions.withdraw(ref, "文件作废了", by=county.admin)
    assert _titles() == []
    assert queries.editor_entry(county.admin, ref).card.state == "withdrawn"
    assert queries.editor_entry(county.admin, ref).withdrawn_words == "文件作废了"
    assert not any("文件作废了" in one.body for one in UnsealedEntry.objects.all())
    with pytest.raises(Refused) as told:
        actions.withdraw(ref, "再撤一回", by=county.admin)
    assert told.value.reason.code == "state_changed"
    actions.publish(ref, by=county.admin)
    assert len(_titles()) == 1


def _check(ref: str) -> str:
    return queries.editor_entry(SYSTEM, ref).card.check


def test_an_edit_takes_the_mark_of_a_checked_original_away(county: world.World) -> None:
    ref = written.article(county.admin)
    actions.mark_checked(ref, "checked", version=1, by=county.admin)
    form = queries.editor_entry(county.admin, ref).form
    actions.write(form, by=county.admin)
    assert _check(ref) == "checked", "the same words need no second look"
    form = queries.editor_entry(county.admin, ref).form
    actions.write(replace(form, relation="补一半。"), by=county.admin)
    assert _check(ref) == "unchecked"
    assert queries.entry(ANYONE, ref).card.check == "checked", "what everybody reads was compared"
    with pytest.raises(Refused) as told:
        actions.mark_checked(ref, "checked", version=2, by=county.admin)
    assert told.value.reason.code == "edited_meanwhile"
    actions.publish(ref, by=county.admin)
    assert queries.entry(ANYONE, ref).card.check == "unchecked"
    actions.mark_checked(ref, "checked", version=3, by=county.admin)
    assert _check(ref) == queries.entry(ANYONE, ref).card.check == "checked"


def test_new_rows_of_a_checked_table_are_unchecked(county: world.World) -> None:
    typed = [{"name": "机井 4 号", "quantity": "1 眼", "holder": "村委", "rent": "1300"}]
    for edit in (
        lambda ref: actions.put_rows(ref, typed, version=1, by=county.deputy),
        lambda ref: actions.import_table(
            ref, written.xlsx(("名称", "数量", "现在谁用", "年租金（元）"), ("井", "1", "村委", 9)),
            by=county.deputy,
        ),
    ):  # fmt: skip
        ref = written.table(county.deputy)
        actions.mark_checked(ref, "checked", version=1, by=county.admin)
        edit(ref)
        assert _check(ref) == "unchecked"
        actions.withdraw(ref, "重来", by=county.admin)


def test_what_is_over_says_so_and_stands_last(county: world.World) -> None:
    written.article(title="过了期的", valid_until=date(2026, 3, 31), position=0)
    written.article(title="还在办的", valid_until=date(2090, 1, 1), position=9)
    cards = queries.entries(ANYONE, "news").cards
    assert [(card.title, card.is_ended) for card in cards] == [
        ("还在办的", False),
        ("过了期的", True),
    ]


@pytest.mark.parametrize("find", ["担保费", "担保 补贴", "DBF", "dbf", "公示"])
def test_entries_are_found_by_words_of_title_and_text_and_by_initials(
    county: world.World, find: str
) -> None:
    written.article()
    written.article(title="春节值班", body="银行值班短一些。", relation="")
    assert _titles(find=find) == ["担保费补贴申请指南"]
    assert _titles(find="没有这个词") == []


def test_every_rule_names_its_field(county: world.World) -> None:
    cases = {
        "title": {"title": " "},
        "section": {"section": "nowhere"},
        "body": {"body": "", "relation": ""},
        "source_url": {"source_url": "javascript:alert(1)"},
        "source": {"check": "seen", "source": ""},
        "check": {"check": "sure"},
        "dated_on": {"dated_on": date(1066, 1, 1)},
    }
    for field, facts in cases.items():
        with pytest.raises(Invalid) as told:
            written.article(**facts)
        assert field in {one.field for one in told.value.errors}, field
    for odd in ("看\u202e不见", "空\x00字"):
        with pytest.raises(Invalid):
            written.article(title=odd)
    assert not Entry.objects.exists()


def test_a_township_writes_for_its_own_villages_alone(county: world.World) -> None:
    own = written.table(county.deputy)
    for facts in ({"division_code": world.OTHER_VILLAGE}, {"division_code": ""}):
        with pytest.raises(Refused):
            written.table(county.deputy, period="2026Q2", **facts)
    with pytest.raises(Refused) as told:
        written.article(county.deputy)
    assert told.value.reason.code == "not_your_area"
    elsewhere = written.table(county.admin, division_code=world.OTHER_VILLAGE)
    for act in (
        lambda: actions.publish(elsewhere, by=county.deputy),
        lambda: actions.withdraw(elsewhere, "不该能撤", by=county.deputy),
        lambda: queries.editor_entry(county.deputy, elsewhere),
        lambda: actions.import_table(elsewhere, b"", by=county.deputy),
    ):
        with pytest.raises(Refused) as told:
            act()
        assert told.value.reason.code == "not_found", "another's looks like a missing one"
    with pytest.raises(Invalid) as told:
        written.table(county.deputy, period="2026Q2", check="checked")
    assert [one.code for one in told.value.errors] == ["check_county"]
    listed = queries.editor_entries(county.deputy, EditorFilter())
    assert [card.ref for card in listed.cards] == [own]
    for stranger in (county.bank.head, county.applicant, ANYONE):
        with pytest.raises(NotAllowed):
            written.table(stranger, period="2026Q1")


def test_a_village_has_each_table_once_a_quarter(county: world.World) -> None:
    first = written.table()
    with pytest.raises(Refused) as told:
        written.table()
    assert told.value.reason.code == "period_taken"
    actions.withdraw(first, "写错村了", by=SYSTEM)
    written.table()


def test_the_database_itself_keeps_states_and_their_shape(county: world.World) -> None:
    ref = written.article(publish=False)
    for wrong in ({"state": "published"}, {"state": "scheduled"}, {"state": "lost"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Entry.objects.filter(ref=ref).update(**wrong)


GOOD = (("名称", "数量", "一年收多少租金", "合同到哪天"), ("机井", "2 眼", "1200.50", "2027-09-30"))


def test_m025_a_table_comes_in_by_spreadsheet_whole_or_not_at_all(county: world.World) -> None:
    ref = written.table(county.deputy, rows=())
    bad = (*GOOD, ("坑塘", "", "一千二", "2027-13-01"))
    told = actions.import_table(ref, written.xlsx(*bad), by=county.deputy)
    assert not told.is_done
    assert {(one.line, one.column, one.code) for one in told.errors} == {
        (3, "数量", "cell_empty"),
        (3, "一年收多少租金", "cell_not_yuan"),
        (3, "合同到哪天", "cell_not_a_day"),
    }
    tried = actions.import_table(ref, written.xlsx(*GOOD), dry_run=True, by=county.deputy)
    assert (tried.rows, tried.created, tried.is_done) == (1, 1, False)
    assert queries.editor_entry(county.deputy, ref).form.rows == ()
    assert actions.import_table(ref, written.xlsx(*GOOD), by=county.deputy).is_done
    (row,) = queries.editor_entry(county.deputy, ref).form.rows
    assert (row["rent"], row["until"]) == (120_050, "2027-09-30")
    assert queries.entry(ANYONE, ref).table.total == 0, "not published yet"  # type: ignore[union-attr]


@pytest.mark.parametrize("form", sorted(FORMS))
def test_what_is_exported_can_be_filled_in_and_comes_back_the_same(
    county: world.World, form: str
) -> None:
    place, section = next(
        (place, one) for place in Place for one in _sections(place) if one.form == form
    )
    division = {"division_code": world.VILLAGE, "period": "2026Q1"} if section.by_village else {}
    ref = actions.write(EntryForm(place.value, section.key, "表", **division), by=county.admin)
    cells = [column.example or _sample(column) for column in FORMS[form]]
    heads = [column.title for column in FORMS[form]]
    told = actions.import_table(ref, written.xlsx(tuple(heads), tuple(cells)), by=county.admin)
    assert told.is_done, told.errors
    first = queries.editor_entry(county.admin, ref).form.rows
    for is_form in (True, False):
        _, body = queries.file_of_version(county.admin, ref, is_form=is_form)
        assert actions.import_table(ref, body, by=county.admin).is_done
        assert queries.editor_entry(county.admin, ref).form.rows == first


def _sections(place: Place) -> tuple[object, ...]:
    from puhui.content.terms import SECTIONS

    return SECTIONS[place]  # type: ignore[return-value]


def _sample(column: object) -> str:
    samples = {"yuan": "12.50", "day": "2026-09-30", "code": "0000-1100"}
    choices = getattr(column, "choices", None)
    return next(iter(choices)) if choices else samples.get(str(getattr(column, "kind", "")), "甲")


@pytest.mark.parametrize(
    ("text", "never"),
    [
        ("<script>alert(1)</script>", "<script"),
        ("<img src=x onerror=alert(1)>", "<img"),
        ("![x](https://e.example/t.png)", "<img"),
        ("[点](javascript:alert(1))", "href"),
        ("[点](JaVaScRiPt:alert(1))", "href"),
        ("[点](data:text/html,<script>)", "href"),
        ("[点](//e.example/a)", "href"),
        ("[点](https://a@e.example/)", "href"),
        ("<javascript:alert(1)>", "href"),
        ("[a]: javascript:alert(1)\n\n[a]", "href"),
        ('[点](https://e.example/"onmouseover="alert(1))', ' onmouseover="'),
        ("# 大标题", "<h1"),
    ],
)
def test_n1_an_article_brings_no_markup_of_its_writer(text: str, never: str) -> None:
    assert never not in html_of(text)


def test_n1_deep_nesting_costs_nothing_much() -> None:
    assert len(html_of(">" * 5_000 + "[" * 5_000 + "*" * 5_000)) < 100_000


def test_lists_take_as_many_statements_for_twelve_as_for_one(county: world.World) -> None:
    counts = []
    for more in (1, 11):
        for number in range(more):
            written.article(title=f"第 {number} 篇")
        with CaptureQueriesContext(connection) as seen:
            queries.entries(ANYONE, "news")
            queries.editor_entries(county.admin, EditorFilter())
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 6, counts
