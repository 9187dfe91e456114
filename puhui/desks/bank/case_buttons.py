"""What can be done with a case now: the main button of its state, the others, the final one."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from puhui.desks.bank.case_words import step
from puhui.desks.shared.rows import Button
from puhui.market.queries import BankCase, ListedCase

MAY_PAUSE = ("planned", "kept", "investigating", "investigated", "offered", "accepted")
MAY_REFUSE = ("claimed", "called_back", "planned", "kept", "investigating", "investigated")


@dataclass(frozen=True, slots=True)
class Acts:
    """What can be done now. `final` cannot be undone."""

    main: Button | None
    others: tuple[Button, ...]
    final: Button | None
    final_words: str


def acts(listed: ListedCase) -> Acts:
    """The main button of the state, the others, and what cannot be taken back."""
    case, state = listed.case, listed.case.engagement.state
    main, others = _of_state(case)
    if listed.supervision is not None:
        why = reverse("bank-answer-supervision", args=[listed.supervision.ref])
        others = (Button("写原因", why, style="urge"), *others)
    if case.engagement.ended_at is None:
        others = (*others, *pause_button(case), *_always(case))
    final = Button("没成，选原因…", step("refuse", case)) if state in MAY_REFUSE else None
    words = "要选原因，交出后群众马上看到，收不回来。" if final else ""
    return Acts(main, others, final, words)


def pause_button(case: BankCase) -> tuple[Button, ...]:
    """Waiting for the customer, which counts once the customer says so; or going on."""
    one = case.engagement
    if one.pause is not None:
        return (Button("不等了，接着办", step("resume", case)),)
    if one.state in MAY_PAUSE:
        return (Button("等客户…", step("pause", case)),)
    return ()


def _always(case: BankCase) -> tuple[Button, ...]:
    """Of every open case; a paid-out one is only handed on."""
    over = Button("转给同事", step("hand-over", case))
    if case.engagement.state == "disbursed":
        return (over,)
    return Button("写卡在哪", step("obstacle", case)), over


def _of_state(case: BankCase) -> tuple[Button | None, tuple[Button, ...]]:
    one = case.engagement
    dial = Button("拨号", step("dial", case), "look")
    again, result = Button("改时间", step("again", case)), Button("登记电话", step("result", case))
    papers = Button("材料", step("papers", case))
    release = Button("退回", step("release", case))
    called = (dial, result, again, papers, release)
    by_state: dict[str, tuple[Button, tuple[Button, ...]]] = {
        "claimed": (
            Button("一键拨号", step("dial", case), "look"),
            (result, again, release),
        ),
        "called_back": (Button("填初步方案", step("plan", case)), called),
        "planned": (dial, (result, Button("重新给方案", step("improve", case)), papers)),
        "kept": (Button("约上门", step("visit", case)), (dial, papers)),
        "investigating": _visit(case, dial, papers),
        "investigated": (Button("给准信", step("offer", case)), (dial, papers)),
        "offered": (dial, ()),
        "accepted": (Button("合同签了", step("sign", case)), (dial,)),
        "signed": (
            Button("回填放款，四格", step("disburse", case)),
            (Button("改放款日", step("payout", case)),),
        ),
        "disbursed": (Button("本息结清", step("settle", case)), ()),
    }
    main, others = by_state.get(one.state, (None, ()))
    if one.state == "refused" and not one.refusal_code:
        main = Button("补上原因", step("explain", case))
    if one.state == "called_back" and one.is_directed:
        others = (Button("直接给准信", step("offer", case)), *others)
    return main, others


def _visit(case: BankCase, dial: Button, papers: Button) -> tuple[Button, tuple[Button, ...]]:
    """First to be there, then to report."""
    report, moved = (
        Button("看过了，交结果", step("report", case)),
        Button("改日子", step("visit", case)),
    )
    if case.engagement.arrived_at is not None:
        return report, (dial, papers)
    return Button("到了", step("arrive", case), "post"), (report, dial, moved, papers)
