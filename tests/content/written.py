"""Entries for tests, written through the real actions."""

from __future__ import annotations

import io
from typing import Any

import xlsxwriter

from puhui.content import actions
from puhui.content.terms import EntryForm
from puhui.kernel.actor import SYSTEM, Actor
from tests import world

ASSET = {"name": "机井 3 号", "quantity": "1 眼", "holder": "村委", "rent": 120_000}


def article(by: Actor = SYSTEM, *, publish: bool = True, **facts: Any) -> str:
    given = {
        "place": "news",
        "section": "county",
        "title": "担保费补贴申请指南",
        "body": "种养大户可以申请。\n\n1. 交材料\n2. 公示",
        "relation": "交了担保费的问问能补多少。",
        "source": "县财政局",
        **facts,
    }
    ref = actions.write(EntryForm(**given), by=by)
    if publish:
        actions.publish(ref, by=by)
    return ref


def table(by: Actor = SYSTEM, *, publish: bool = True, **facts: Any) -> str:
    given = {
        "place": "village",
        "section": "assets",
        "title": "集体资产",
        "source": "村务监督委员会",
        "division_code": world.VILLAGE,
        "period": "2026Q3",
        "rows": (ASSET,),
        **facts,
    }
    ref = actions.write(EntryForm(**given), by=by)
    if publish:
        actions.publish(ref, by=by)
    return ref


def xlsx(*rows: tuple[object, ...]) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        page = book.add_worksheet()
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)
    return file.getvalue()
