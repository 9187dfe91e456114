"""What can be done with a case now: the main button of its state, the others, the final one."""

from __future__ import annotations

from dataclasses import dataclass

from puhui.desks.bank.case_words import step
from puhui.desks.shared.rows import Button
from puhui.market.queries import BankCase

MAY_PAUSE = ("planned", "kept", "investigating", "investigated", "offered", "accepted")
MAY_REFUSE = ("claimed", "called_back", "planned", "kept", "investigating", "investigated")


@dataclass(frozen=True, slots=True)
class Acts:
    """What can be done now. `final` cannot be undone."""

    main: Button | None
    others: tuple[Button, ...]
    final: Button | None
    final_words: str


def acts(case: BankCase) -> Acts:
    """The main button of the state, the others, and what cannot be taken back."""
    one, owed = case.engagement, case.owes_reason
    main, others = _of_state(case)
    if owed is not None:
        why = step("answer-supervision", owed.ref)
        others = (Button("写原因", why, style="urge"), *others)
    if one.ended_at is None:
        wait = pause_button(one.ref, one.state, is_paused=one.pause is not None)
        others = (*others, *wait, *_always(case))
    final = Button("没成，选原因…", step("refuse", one.ref)) if one.state in MAY_REFUSE else None
    words = "要选原因，交出后群众马上看到，收不回来。" if final else ""
    return Acts(main, others, final, words)


def pause_button(ref: str, state: str, *, is_paused: bool) -> tuple[Button, ...]:
    """Waiting for the customer, which counts once the customer says so; or going on."""
    if is_paused:
        return (Button("不等了，接着办", step("resume", ref)),)
    if state in MAY_PAUSE:
        return (Button("等客户…", step("pause", ref)),)
    return ()


def _always(case: BankCase) -> tuple[Button, ...]:
    """Of every open case; a paid-out one is only handed on."""
    one = case.engagement
    over = Button("转给同事", step("hand-over", one.ref))
    if one.state == "disbursed":
        return (over,)
    return Button("写卡在哪", step("obstacle", one.ref)), over


def _of_state(case: BankCase) -> tuple[Button | None, tuple[Button, ...]]:
    one = case.engagement
    dial = Button("拨号", step("dial", one.ref), "look")
    again, result = (
        Button("改时间", step("again", one.ref)),
        Button("登记电话", step("result", one.ref)),
    )
    papers = Button("材料", step("papers", one.ref))
    release = Button("退回", step("release", one.ref))
    called = (dial, result, again, papers, release)
    by_state: dict[str, tuple[Button, tuple[Button, ...]]] = {
        "claimed": (
            Button("一键拨号", step("dial", one.ref), "look"),
            (result, again, release),
        ),
        "called_back": (Button("填初步方案", step("plan", one.ref)), called),
        "planned": (dial, (result, Button("重新给方案", step("improve", one.ref)), papers)),
        "kept": (Button("约上门", step("visit", one.ref)), (dial, papers)),
        "investigating": _visit(case, dial, papers),
        "investigated": (Button("给准信", step("offer", one.ref)), (dial, papers)),
        "offered": (dial, ()),
        "accepted": (Button("合同签了", step("sign", one.ref)), (dial,)),
        "signed": (
            Button("回填放款，四格", step("disburse", one.ref)),
            (Button("改放款日", step("payout", one.ref)),),
        ),
        "disbursed": (Button("本息结清", step("settle", one.ref)), ()),
    }
    main, others = by_state.get(one.state, (None, ()))
    if one.state == "refused" and not one.refusal_code:
        main = Button("补上原因", step("explain", one.ref))
    if one.state == "called_back" and one.is_directed:
        others = (Button("直接给准信", step("offer", one.ref)), *others)
    return main, others


def _visit(case: BankCase, dial: Button, papers: Button) -> tuple[Button, tuple[Button, ...]]:
    """First to be there, then to report."""
    report, moved = (
        Button("看过了，交结果", step("report", case.engagement.ref)),
        Button("改日子", step("visit", case.engagement.ref)),
    )
    if case.engagement.arrived_at is not None:
        return report, (dial, papers)
    return Button("到了", step("arrive", case.engagement.ref), "post"), (
        report,
        dial,
        moved,
        papers,
    )
