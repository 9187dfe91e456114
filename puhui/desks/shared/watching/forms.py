"""What township and county type about a case."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from puhui.desks.shared.typed import Day, Pick, Words
from puhui.desks.shared.watching.words import NOTE_KINDS
from puhui.kernel.clock import day_from
from puhui.market.terms import Destination

DESTINATIONS = [
    (Destination.OTHER_BANK, "转别家银行接着办"),
    (Destination.GUARANTEE, "转农担、补贴或其他办法"),
    (Destination.MISSING, "差材料，约好日子再提"),
    (Destination.EXPLAINED, "没办成，原因给本人说清了"),
    (Destination.UNREACHED, "几次都联系不上本人"),
    (Destination.GIVEN_UP, "本人不办了"),
]


class Nothing(forms.Form):
    """A sheet that only asks whether."""


class Note(forms.Form):
    kind = Pick("记什么", NOTE_KINDS.items())
    words = Words(
        "怎么样", 300, rows=3, empty="请写一句话。", help_text="只写这件事，不写身份证号、卡号。"
    )


class WhereTo(forms.Form):
    """The destination of a case; a case cannot close without one."""

    destination = Pick(
        "去处",
        DESTINATIONS,
        empty="请选去处；选一样才能结。",
        help_text="选“本人不办了”会撤回需求，系统发短信告诉本人。",
    )
    again_on = Day("约好哪天再提", required=False, help_text="选“差材料”才填。")
    words = Words(
        "说明", 300, rows=2, required=False, help_text="转给哪家、差什么、怎么跟群众说的。"
    )

    def __init__(self, today: date, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.today = today

    def clean_again_on(self) -> date | None:
        text = self.cleaned_data["again_on"]
        if not text:
            return None
        try:
            day = day_from(text)
        except ValueError:
            raise forms.ValidationError("日期要写成 2026-12-01 这样。") from None
        if day <= self.today:
            raise forms.ValidationError("约的日子要在今天以后。")
        return day

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        is_missing = typed.get("destination") == Destination.MISSING
        if is_missing and not typed.get("again_on") and "again_on" not in self.errors:
            self.add_error("again_on", "差材料的，要填约好哪天再提。")
        return typed
