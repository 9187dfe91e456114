"""Signed and waiting for the money (W14), or ended (E)."""

from __future__ import annotations

from puhui.desks.resident.waiting.parts import (
    ask_township,
    yes_no,
)
from puhui.desks.resident.waiting.terms import Button, Step, Waiting
from puhui.market.queries.views import DemandView
from puhui.market.terms import QuestionKind


def money(demand: DemandView) -> Waiting | None:
    """W14: signed, and the applicant has not said that the money came."""
    for one in demand.engagements:
        is_paid_out = one.state == "disbursed" and one.loan is not None
        if one.state == "signed" or (
            is_paid_out and one.loan is not None and one.loan.money_word != "confirmed"
        ):
            return Waiting(
                "W14",
                f"合同签好了，等{one.bank_name}把钱打到您的卡上。",
                "没有“解冻费”“保证金”。要您先转钱的是骗子。",
                buttons=yes_no(demand, QuestionKind.MONEY, one, "钱到了", "钱没到"),
                steps=(
                    Step("现在", f"{one.bank_name}把钱打到您的卡上", is_now=True),
                    Step("钱到以后", "平台问您两句：办得快不快，说的和办的一样不一样"),
                ),
            )
    return None


def ended(demand: DemandView) -> Waiting:
    """E: it has ended; what one can do now."""
    again = Button("再提一次", f"/my/{demand.ref}/again", value="again", is_main=True)
    if demand.republished_as:
        again = Button("看后来提的那份", f"/my/{demand.republished_as}/", is_main=True)
    if demand.state in ("funded", "closed"):
        done = next((e for e in demand.engagements if e.state in ("disbursed", "settled")), None)
        rate = f"/my/{demand.ref}/rate/{done.ref}" if done else ""
        buttons = (Button("办得怎么样？说两句", rate, is_main=True),) if done else ()
        return Waiting(
            "E1",
            "钱到了，这件事办成了。",
            "按合同上写的日子还。还款有难处，早点跟银行说，别借新还旧。",
            buttons=buttons,
        )
    if demand.state == "withdrawn":
        return Waiting(
            "E2",
            "这份需求您已经撤回了。",
            "银行已经看不到您的姓名和电话。什么时候想办，再提一次，前面填的都在。",
            buttons=(again,),
        )
    if demand.state == "expired":
        return Waiting(
            "E3",
            "这份需求到期了，没有办下去。",
            "可以少用一点、换个用法再提一次，前面填的都在；也可以请镇里金融干部帮您看看。",
            buttons=(again, ask_township(demand)),
        )
    return Waiting(
        "E4",
        "这次没有办成，有人管。",
        "镇里会给您打电话，跟您一起看看卡在哪儿。您也可以改一改再提一次。",
        buttons=(again, ask_township(demand)),
    )
