"""What the county types while it calls: eight answers, and cases about money that was taken."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from puhui.desks.county.forms import Tick
from puhui.desks.shared.typed import Pick, Words
from puhui.market.terms import (
    Finished,
    IntegrityFinding,
    Kept,
    Office,
    SurveyAnswers,
    Waited,
    YesNo,
)

SCORES = [("5", "5 很好"), ("4", "4"), ("3", "3"), ("2", "2"), ("1", "1 很差")]
MONEY = [("no", "没有"), ("yes", "有（单独立件，当天办）")]


def spare(label: str, choices: Iterable[tuple[str, str]], optional: str) -> Pick:
    """A choice that may be left, saying when."""
    field = Pick(label, choices, required=False)
    field.optional = optional
    return field


class Answers(forms.Form):
    """The eight questions in the order of the script; money first of what needs words."""

    called = Pick("① 有没有银行给您打电话？", YesNo.choices)
    waited = spare("① 大概等了多久？", Waited.choices, "没打就空着")
    visited = Pick("② 有没有人来家里看？", YesNo.choices)
    finished = Pick("③ 最后办成没有？说清楚为啥没有？", Finished.choices)
    kept_word = Pick("④ 电话里说的和最后办的一样吗？", Kept.choices)
    money_taken = Pick("⑤ 有没有人收您的钱、礼、要您买保险存钱？", MONEY)
    money_words = Words(
        "谁、什么时候、收了什么",
        300,
        rows=2,
        required=False,
        optional="⑤ 答“有”才写",
        help_text="照群众的话写。只有县里和接办的部门看得到，当事银行看不到。",
    )
    attitude = spare("⑥ 态度打几分？", SCORES, "⑤ 答“有”不打分")
    overall = spare("⑥ 整个事打几分？", SCORES, "⑤ 答“有”不打分")
    words = Words("⑦ 还有啥要改的？", 300, rows=2, required=False)
    may_tell_bank = Tick(
        "⑧ 能告诉那家银行让他们改吗？", "本人说能告诉；没说能，只给县里看", required=False
    )

    def answers(self) -> SurveyAnswers:
        typed = self.cleaned_data
        return SurveyAnswers(
            called=typed["called"],
            waited=typed["waited"],
            visited=typed["visited"],
            finished=typed["finished"],
            kept_word=typed["kept_word"],
            money_taken=typed["money_taken"] == "yes",
            money_words=typed["money_words"],
            attitude=int(typed["attitude"]) if typed["attitude"] else None,
            overall=int(typed["overall"]) if typed["overall"] else None,
            words=typed["words"],
            may_tell_bank=typed["may_tell_bank"],
        )


class HandOver(forms.Form):
    """To which office, who took it there."""

    office = Pick("转给哪个部门", Office.choices, empty="请选转给哪个部门。")
    receiver = Words(
        "那边谁接的、编号",
        60,
        empty="请写那边谁接的、编号是多少。",
        help_text="比如：信访室王同志，2026-31 号。",
    )
    words = Words("附带说明", 500, rows=2, required=False)


class Close(forms.Form):
    """What came of it."""

    finding = Pick("查下来", IntegrityFinding.choices, empty="请选查下来怎么样。")
    words = Words("怎么查的、怎么处理的", 500, rows=3, empty="请写怎么查的、怎么处理的。")


class Said(forms.Form):
    """A note in an integrity case, or a report of one."""

    words = Words("情况", 500, rows=3, empty="请写清楚情况。", help_text="谁、什么时候、收了什么。")


class Report(Said):
    """Somebody told the county that money was taken."""

    engagement = spare("说的是哪家", (), "说不清就空着")

    def __init__(self, banks: Iterable[tuple[str, str]], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["engagement"] = spare("说的是哪家", list(banks), "说不清就空着")
