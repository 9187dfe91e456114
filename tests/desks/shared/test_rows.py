"""Rows and buttons of the lists: read once, filled in for each reader, nothing of them kept."""

from __future__ import annotations

import re
from html import escape
from itertools import combinations

import pytest
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import override_settings

from puhui.desks.shared import frames
from puhui.desks.shared.frames import filled
from puhui.desks.shared.rows import Button, Panel, Row, button_text, row_text
from tests import world
from tests.desks.bank.cases import walk
from tests.desks.watched import browser

PARTS = {
    "rows/button.html": (
        *("label", "address", "style", "key", "token", "is_form", "in_sheet", "is_main"),
    ),
    "rows/row.html": (
        *("key", "when", "small", "tone", "code", "title", "facts", "address", "due"),
        *("is_pinned", "is_urgent", "buttons"),
    ),
    "rows/panel.html": (
        *("name", "title", "count", "oldest", "empty", "rows", "footer", "more"),
        *("more_address", "in_sheet", "is_loud"),
    ),
}
AWKWARD = "<b>a & b</b> \"c\" 'd' 100% %(key)s {{ e }} \ue0a8key\ue0a9"
LOUD = Row("1", "3:20", "点名", "late", "2491", "王*", "10 万", due="2026-11-23T01:00:00+00:00")


@pytest.mark.parametrize("template", PARTS)
def test_a_frame_says_what_its_template_says_whatever_parts_there_are(template: str) -> None:
    parts = PARTS[template]
    for size in (0, 1, 2, len(parts) - 1, len(parts)):
        for there in combinations(parts, size):
            texts = {name: f"{name} {AWKWARD}" if name in there else "" for name in parts}
            assert filled(template, texts) == render_to_string(template, texts).strip()


def test_a_template_may_hold_percent_signs() -> None:
    loader = "django.template.loaders.locmem.Loader"
    written = {"made-up.html": '<p style="width: 50%">{{ words }} %s %(words)s</p>'}
    engine = {"BACKEND": "django.template.backends.django.DjangoTemplates"}
    options = {"OPTIONS": {"loaders": [(loader, written)]}}
    with override_settings(TEMPLATES=[{**engine, **options}]):
        found = filled("made-up.html", {"words": "9%"})
    assert found == '<p style="width: 50%">9% %s %(words)s</p>'


def test_what_a_row_says_is_escaped_and_not_kept() -> None:
    row_text(LOUD, "t1")
    before = frames._frame.cache_info()
    for words in ("想买二十只羊", AWKWARD, "第三个人的话"):
        row = Row("1", "3:20", "点名", "late", words, words, words, due="2026-11-23T01:00:00+00:00")
        assert row_text(row, "t2").count(escape(words)) == 3
    assert frames._frame.cache_info().currsize == before.currsize
    assert "羊" not in row_text(LOUD, "t3")


def test_a_button_opens_leads_posts_or_looks_and_says_which_key_presses_it() -> None:
    def tags(button: Button, *, is_main: bool = False) -> str:
        return button_text(button, "t1", is_main=is_main)

    assert tags(Button("a", "/a")) == '<a class="btn" href="/a" data-sheet>a</a>'
    assert tags(Button("a", "/a", "link", "urge")) == '<a class="btn urge" href="/a">a</a>'
    assert '<button class="btn" data-main data-claim>a</button>' in tags(
        Button("a", "/a", "post", key="claim"), is_main=True
    )
    look = tags(Button("a", "/a", "look"))
    assert 'action="/a" hx-post="/a" hx-target="#sheet-body"' in look and "data-dial>" in look
    assert 'name="csrfmiddlewaretoken" value="t1"' in look


def test_a_panel_writes_rows_buttons_and_where_the_rest_is() -> None:
    more = Button("看全部", "/all", "link")
    row = Row("r1", "3:20", "", "late", "2491", "王*", "10 万", main=Button("拨号", "/d", "look"))
    one = Panel(
        "calls", "现在就打", "打", (row,), 7, "没有", "最久", "还有 6 条", more, is_loud=True
    )
    template = Template("{% load desk %}{% panel one %}")
    page = template.render(Context({"one": one, "csrf_token": "t9"}))
    assert 'data-rows="calls" data-loud><li class="item" id="row-r1"' in page
    assert '还有 6 条 <a href="/all">看全部</a>' in page and 'value="t9"' in page
    bare = Panel("calls", "现在就打", "打", (), 0, "没有电话")
    page = template.render(Context({"one": bare}))
    assert '<p class="empty">没有电话</p>' in page and "<ol" not in page and "footer" not in page


@pytest.mark.django_db
def test_each_reader_finds_the_own_token_in_every_form_of_the_lists() -> None:
    county = world.build()
    walk(county, "claimed")
    walk(county, "called_back")
    world.publish(county)
    found = []
    for officer in (county.bank.officer, county.bank.head):
        page = browser(officer).get("/bank/").content.decode()
        (own,) = re.findall(r'"X-CSRFToken": "([^"]+)"', page)
        main = page.partition('id="desk"')[2].partition("</main>")[0]
        tokens = re.findall(r'name="csrfmiddlewaretoken" value="([^"]*)"', main)
        assert len(tokens) == main.count("<form") > 2 and set(tokens) == {own}
        found.append(own)
    assert found[0] != found[1]
