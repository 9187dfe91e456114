"""The tables' columns: what a spreadsheet must hold and how a cell is shown."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from puhui.kernel.money import FEN_PER_YUAN
from puhui.sheets.terms import Column, Kind

NOTE = Column("note", "备注", needed=False, most=100)
TOWNSHIP = Column("township", "乡镇", most=20, example="兰沃乡")
VILLAGE = Column("village", "村", needed=False, most=20)
PHONE = Column("phone", "电话", Kind.CODE, most=20, example="0000-1123")

FORMS: dict[str, tuple[Column, ...]] = {
    "assets": (
        Column("name", "名称", most=40, example="机井 3 号", also=("资产名称",)),
        Column("quantity", "数量", most=20, example="1 眼"),
        Column("where", "在哪儿", needed=False, most=40),
        Column("holder", "谁在用", needed=False, most=40, also=("租给谁", "承租方")),
        Column("rent", "一年收多少租金", Kind.YUAN, needed=False, also=("年租金",)),
        Column("until", "合同到哪天", Kind.DAY, needed=False),
        NOTE,
    ),
    "transactions": (
        Column("name", "项目", most=40, example="村东道路硬化"),
        Column("way", "怎么定的", most=40, example="村民代表会议同意，公开询价"),
        Column("partner", "找的谁", most=40),
        Column("amount", "多少钱", Kind.YUAN, also=("金额",)),
        Column("decided_on", "哪天定的", Kind.DAY),
        NOTE,
    ),
    "inputs": (
        Column("name", "买的什么", most=40, example="复合肥 45%", also=("品名",)),
        Column("seller", "从哪家买", most=40),
        Column("quantity", "数量", most=20, example="20 吨"),
        Column("price", "单价", Kind.YUAN, example="2680"),
        Column("amount", "一共多少钱", Kind.YUAN, also=("金额",)),
        Column("bought_on", "哪天买的", Kind.DAY),
        Column("given_to", "分给了谁", needed=False, most=60),
        NOTE,
    ),
    "listings": (
        Column("name", "地块或物件", most=40, example="村南耕地"),
        TOWNSHIP,
        VILLAGE,
        Column("size", "多大", most=20, example="46 亩", also=("亩数", "数量")),
        Column("years", "年限", most=20, example="5 年"),
        Column("price", "要价", most=30, example="每亩每年 900 元"),
        Column(
            "state",
            "现在怎样",
            choices={"挂着": "挂着", "谈着": "谈着", "已成交": "已成交", "撤了": "撤了"},
        ),
        Column("contact", "联系人", most=30, example="兰沃乡农经站"),
        PHONE,
        Column("listed_on", "哪天挂的", Kind.DAY),
        NOTE,
    ),
    "teams": (
        Column("name", "服务队", most=40),
        Column("township", "作业范围", most=40, example="兰沃乡、清水镇"),
        Column("plough", "耕，一亩", Kind.YUAN, needed=False),
        Column("sow", "种，一亩", Kind.YUAN, needed=False),
        Column("protect", "防，一亩一遍", Kind.YUAN, needed=False),
        Column("harvest", "收，一亩", Kind.YUAN, needed=False),
        PHONE,
        NOTE,
    ),
    "subsidies": (
        Column("name", "补贴", most=40),
        Column("standard", "标准", most=80),
        Column("paid", "几月发", most=30),
        Column("ask", "问谁", most=40),
        NOTE,
    ),
    "phones": (
        Column("name", "找谁", most=40),
        PHONE,
        Column("what", "管什么", most=60),
        Column("hours", "什么时候有人", needed=False, most=40),
    ),
    "points": (
        Column("name", "积分", most=30, example="AA（200 分以上）"),
        Column("gives", "换什么", most=80),
        Column("ask", "问谁", most=40),
        NOTE,
    ),
    "online": (
        Column("name", "产品", most=30),
        Column("bank", "银行", most=20),
        Column("fits", "给谁用", most=60),
        Column("how", "到哪儿办", most=100),
        PHONE,
    ),
}


def shown(column: Column, cell: Any) -> str:
    """A stored cell in words; money in 元 with its unit."""
    if cell is None or cell == "":
        return ""
    if column.kind is Kind.YUAN:
        yuan, fen = divmod(int(cell), FEN_PER_YUAN)
        return f"{yuan:,}.{fen:02d} 元" if fen else f"{yuan:,} 元"
    return str(cell)


def storable(columns: tuple[Column, ...], cells: Mapping[str, Any]) -> dict[str, Any]:
    """A read row as it is stored: days as text, money in fen, only known columns."""
    found = {}
    for column in columns:
        cell = cells.get(column.key, "")
        found[column.key] = cell.isoformat() if isinstance(cell, date) else cell
    return found


def typed(columns: tuple[Column, ...], cells: Mapping[str, Any]) -> list[Any]:
    """A stored row as an export writes it."""
    return [
        date.fromisoformat(cells[one.key])
        if one.kind is Kind.DAY and cells.get(one.key)
        else cells.get(one.key)
        for one in columns
    ]
