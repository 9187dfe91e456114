"""Where a bank's month and the platform do not agree, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from puhui.kernel.money import rate_text, wan_text

KINDS = {
    "missing_in_platform": "表里有，平台上没有这一笔",
    "missing_in_sheet": "平台上有，表里没有",
    "differing": "两边写的不一样",
}
FIELDS = {
    "amount_fen": "金额",
    "rate_ppm": "年利率",
    "paid_out_on": "放款日",
    "due_on": "到期日",
}


def difference_words(kind: str, facts: Mapping[str, Sequence[Any]]) -> str:
    """两边写的不一样：金额 表里 10 万元，平台上 8 万元"""
    parts = [
        f"{FIELDS[name]} 表里 {_value(name, pair[0])}，平台上 {_value(name, pair[1])}"
        for name, pair in facts.items()
        if name in FIELDS
    ]
    return "：".join(filter(None, (KINDS.get(kind, kind), "；".join(parts))))


def _value(name: str, value: Any) -> str:
    if value is None:
        return "没有"
    if name == "amount_fen":
        return f"{wan_text(int(value))}元"
    return rate_text(int(value)) if name == "rate_ppm" else str(value)
