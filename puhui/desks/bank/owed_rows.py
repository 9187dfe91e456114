"""Rows of what a bank owes: a visit, an answer, a return, a word on where a case is stuck."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse

from puhui.desks.bank.case_buttons import pause_button
from puhui.desks.bank.case_words import (
    case_address,
    day_tone,
    day_words,
    how_much,
    place,
    step,
    what,
)
from puhui.desks.shared.rows import Button, Row
from puhui.kernel.clock import minute_text, moment_text
from puhui.kernel.money import wan_text
from puhui.market.queries import BankCase, ListedCase
from puhui.market.terms import EnquiryKind

SHORT = 24


def visit_row(one: ListedCase, now: datetime) -> Row:
    """三天内要去看: arrange it, arrive, hand in the result."""
    case, engagement = one.case, one.case.engagement
    due = one.due_at
    main, others, small = _visit_buttons(case, now)
    return Row(
        key=engagement.ref,
        when=f"{day_words(due, now)}到期"
        if due and due >= now
        else day_words(due, now)
        if due
        else "等日历",
        small=small,
        tone=day_tone(due, now),
        code=case.contact_code,
        title=f"{case.name_masked} · {place(case)}",
        facts=f"{papers_words(case)}{what(case)} {how_much(case)} · 负责：{engagement.officer_masked}",
        address=case_address(case),
        main=main,
        others=others,
    )


def _visit_buttons(case: BankCase, now: datetime) -> tuple[Button, tuple[Button, ...], str]:
    """The one thing to do now, the others, and what stands under the clock."""
    engagement = case.engagement
    papers = Button("材料", step("papers", case))
    if engagement.visit_at is None:
        return Button("约时间", step("visit", case)), (papers,), "还没约"
    agree = Button("改日子", step("visit", case))
    report = Button("交结果", step("report", case))
    if engagement.arrived_at is not None:
        return report, (papers,), f"{minute_text(engagement.arrived_at)} 到了"
    arrived = Button("到了", step("arrive", case), "post")
    return arrived, (report, papers, agree), f"约 {moment_text(engagement.visit_at, now=now)}"


def papers_words(case: BankCase) -> str:
    """材料 3/4 · , or nothing where none was asked for."""
    one = case.engagement
    if one.papers:
        return f"材料 {one.papers_in}/{len(one.papers)} · "
    return "还差材料 · " if one.missing_words else ""


def answer_row(one: ListedCase, now: datetime) -> Row:
    """该给客户回话: a plan, a decision, what is missing, or what the applicant asked."""
    case, due = one.case, one.due_at
    main, others, owed = _answer_buttons(one)
    return Row(
        key=one.enquiry.ref if one.enquiry else case.engagement.ref,
        when=day_words(due, now) if due else "等日历",
        small="之前给" if due and due >= now else "",
        tone=day_tone(due, now),
        code=case.contact_code,
        title=f"{case.name_masked} · {what(case)} {wan_text(case.amount_fen)}",
        facts=owed if one.enquiry else f"{papers_words(case)}欠：{owed}",
        address=case_address(case),
        main=main,
        others=others,
    )


def _answer_buttons(one: ListedCase) -> tuple[Button, tuple[Button, ...], str]:
    case, asked = one.case, one.enquiry
    missing, refuse = Button("还差材料", step("papers", case)), Button("没成", step("refuse", case))
    if asked is not None:
        answer = Button("回话", reverse("bank-enquiry", args=[asked.ref]))
        words = asked.words if len(asked.words) <= SHORT else f"{asked.words[:SHORT]}…"
        if asked.kind == EnquiryKind.PAPERS:
            return Button("写差什么", step("papers", case)), (answer,), f"欠：补材料说明 · {words}"
        return answer, (), f"客户有疑问：{words}"
    if case.engagement.state == "called_back":
        return Button("填方案", step("plan", case)), (missing, refuse), "初步方案"
    return Button("给准信", step("offer", case)), (missing, refuse), "准信"


def return_row(one: ListedCase, now: datetime) -> Row:
    """该回填、快超期: a return, or a case that pends long."""
    case, engagement = one.case, one.case.engagement
    small, facts, main, others = _owed(one)
    since = engagement.long_pending_since
    due = since or one.due_at
    when = day_words(due, now) if due else "等日历"
    if one.working_day is not None and engagement.state not in ("accepted", "signed", "disbursed"):
        when, small = f"第 {one.working_day} 个", "工作日"
    return Row(
        key=engagement.ref,
        when=when,
        small=small,
        tone=day_tone(due, now),
        code=case.contact_code,
        title=f"{case.name_masked} · {what(case)} {wan_text(case.amount_fen)}",
        facts=facts,
        address=case_address(case),
        main=main,
        others=others,
    )


def _owed(one: ListedCase) -> tuple[str, str, Button, tuple[Button, ...]]:
    """What a case owes the platform: a return, a reason, an end."""
    case, state = one.case, one.case.engagement.state
    stuck = Button("写卡在哪", step("obstacle", case))
    waits = pause_button(case)
    if state == "accepted":
        return (
            "客户已选",
            "等签合同，签了就登记",
            Button("签了", step("sign", case)),
            (stuck, *waits),
        )
    if state == "signed":
        words = "金额、利率、到期日、放款日，四格一填"
        return "已签约", words, Button("回填", step("disburse", case)), (stuck,)
    if state == "disbursed":
        look = Button("看单子", case_address(case), "link")
        return "钱没到", "群众说钱没到，请核对", look, ()
    obstacle = case.engagement.obstacle
    words = f"卡在：{obstacle.words}" if obstacle else "还没写卡在哪"
    end = (Button("办结：没成", step("refuse", case)),) if state != "offered" else ()
    if case.engagement.pause is not None:
        words = f"等客户：{case.engagement.pause.words}"
    return "快超期", words, stuck, (*waits, Button("还差材料", step("papers", case)), *end)
