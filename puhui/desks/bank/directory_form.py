"""What a bank types of its directory: an entry, an outlet."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from puhui.catalogue.directory.terms import EntryKind
from puhui.desks.shared.typed import Pick, Whole, Words

TITLES = {
    EntryKind.POLICY: ("政策叫什么", "例：春耕利息补贴"),
    EntryKind.HOTLINE: ("这个电话管什么", "例：客服热线、挂失电话"),
    EntryKind.QUICK_LOAN: ("线上快贷叫什么", "例：惠农线上贷"),
    EntryKind.QUERY: ("群众会问什么", "例：怎么查余额？"),
    EntryKind.HOURS: ("哪里的营业时间", "例：各网点平时、周末"),
}
WORDS = {
    EntryKind.POLICY: "给谁、管什么、到哪天、怎么办",
    EntryKind.HOTLINE: "几点到几点有人接",
    EntryKind.QUICK_LOAN: "给谁用、要备什么",
    EntryKind.QUERY: "怎么答",
    EntryKind.HOURS: "几点开门、几点关门",
}
ADDRESSES = {
    EntryKind.HOTLINE: ("电话", "只填数字，可以有短横。"),
    EntryKind.QUICK_LOAN: (
        "贵行自己的网页",
        "写全，以 https:// 开头。群众点之前会先看到“要离开本平台”。",
    ),
}


class Entry(forms.Form):
    """One entry; which boxes there are depends on its kind."""

    title = Words("", 40)
    words = Words("", 500, rows=4)
    address = Words("", 200, wide=True)
    position = Whole("排第几", 0, 999, required=False, help_text="小的在前，空着排最前。")

    def __init__(self, kind: str, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        known = EntryKind(kind)
        title, words = self.fields["title"], self.fields["words"]
        title.label, title.help_text = TITLES[known]
        words.label = WORDS[known]
        words.required = known in (EntryKind.POLICY, EntryKind.QUERY, EntryKind.HOURS)
        if known in ADDRESSES:
            self.fields["address"].label, self.fields["address"].help_text = ADDRESSES[known]
        else:
            del self.fields["address"]


class Branch(forms.Form):
    """An outlet."""

    name = Words("网点名称", 40, empty="请填网点名称。")
    address = Words("地址", 100, wide=True, empty="请填地址，写到门牌。")
    duty_phone = Words("电话", 20, required=False)
    opening_hours = Words(
        "营业时间",
        100,
        required=False,
        wide=True,
        help_text="例：周一到周五 8:30–17:00，周末 9:00–16:00",
    )

    def __init__(self, townships: Iterable[tuple[str, str]], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["area"] = Pick("在哪个乡镇", townships, listed=True, empty="请选乡镇。")
        self.order_fields(["name", "area", "address", "duty_phone", "opening_hours"])
