"""Forms of the small acts on a case: papers, a note, a colleague, an answer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms

from puhui.desks.shared.typed import Pick, Picks, Words
from puhui.market.queries.views import PaperView


class Papers(forms.Form):
    """Which papers have come, and which more are needed."""

    received = Picks("交来的勾上", [], required=False)
    more = Words(
        "还要哪几样",
        200,
        rows=3,
        required=False,
        help_text="一样一行，群众会原样看到。例：流转合同、防疫记录。",
    )

    def __init__(self, papers: Sequence[PaperView], *args: Any, **options: Any) -> None:
        initial = {"received": [one.id for one in papers if one.received_at]}
        super().__init__(*args, **{"initial": initial, **options})
        if papers:
            field = self.fields["received"]
            field.choices = [(one.id, one.name) for one in papers]  # type: ignore[attr-defined]
        else:
            del self.fields["received"]
            self.fields["more"].required = True
            self.fields["more"].error_messages["required"] = "请写明还差什么材料。"


class Obstacle(forms.Form):
    words = Words(
        "卡在哪",
        200,
        rows=2,
        empty="请写一句卡在哪。",
        help_text="写事不写人，例：抵押登记在排队，等 12 月 3 日。镇里、县里看得到。",
    )


class HandOver(forms.Form):
    """To whom, and why."""

    reason = Words("为什么转", 100, required=False, wide=True, help_text="同事接手时看得到。")

    def __init__(self, officers: Iterable[tuple[str, str]], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["officer"] = Pick("转给谁", officers, empty="请选一位同事。")
        self.order_fields(["officer", "reason"])


class Answer(forms.Form):
    words = Words("回什么", 200, rows=3, empty="请写一句回话。", help_text="客户在手机上原样看到。")
