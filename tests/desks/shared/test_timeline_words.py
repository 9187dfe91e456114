"""Every fact of a case that the journal can hold has its sentence."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from puhui.desks.shared.state_words import DEMAND_WORDS, ENGAGEMENT_WORDS
from puhui.desks.shared.timeline_words import SENTENCES, sentence_of, timeline_lines
from puhui.market.lifecycle import DEMAND, ENGAGEMENT
from puhui.market.queries import TimelineEntry
from puhui.market.terms import QuestionKind

NOW = datetime(2026, 11, 25, 1, 0, tzinfo=UTC)
ACTIONS = Path("puhui/market/actions")
NOT_OF_A_CASE = {
    "clock.fill_awaiting",
    "clock_rules.set",
    "duty_day.set",
    "calendar.load",
    "survey.draw",
    "survey.replace",
    "integrity.open",
    "integrity.said",
    "integrity.note",
    "integrity.hand_over",
    "integrity.close",
    "recheck.draw",
    "village.report_vacancy",
    "registration.help",
    "registration.answer",
    "registration.lapse",
    "help.send_again",
    "help.cancel",
    "slip.print",
    "order.issue",
    "order.answer",
    "order.close",
}
"""Of the county's office, not of a case: what the accused bank would read stays out of its story."""


def entry(action: str, **facts: object) -> TimelineEntry:
    return TimelineEntry(
        at=NOW - timedelta(hours=1),
        action=action,
        role="loan_officer",
        by_ref="2037",
        organisation_ref="B01",
        bank_ref="B01",
        facts=facts,
    )


def journalled() -> set[str]:
    """Every action that the main job writes for a case, read from its source and its lifecycles."""
    found = set()
    for file in ACTIONS.rglob("*.py"):
        source = file.read_text(encoding="utf-8")
        found |= set(re.findall(r'record\(\s*"([a-z_]+\.[a-z_]+)"', source))
    for lifecycle in (DEMAND, ENGAGEMENT):
        found |= {f"{lifecycle.entity}.{move.name}" for move in lifecycle.moves}
    found |= {f"question.{kind}" for kind in QuestionKind.values}
    return (found | {"supervision.answer", "supervision.phoned"}) - NOT_OF_A_CASE


def test_every_action_that_names_a_case_has_a_sentence() -> None:
    assert len(journalled()) > 40
    assert journalled() - set(SENTENCES) == set()


@pytest.mark.parametrize("action", sorted(SENTENCES))
def test_a_sentence_needs_no_facts_to_be_readable(action: str) -> None:
    said = sentence_of(entry(action), NOW)
    assert said and said.words and not re.search(r"[a-z_]{4,}", said.words.format(who="", bank=""))


def test_facts_are_told_in_peoples_words() -> None:
    lines = timeline_lines(
        [
            entry("engagement.claim"),
            entry("call.record", result="connected", duration_seconds=200),
            entry("engagement.record_disbursement", amount_fen=10_000_000, rate_ppm=47_500),
            entry("question.called", answer="no", via="sms"),
        ],
        NOW,
        {"2037": "周*"},
    )
    assert [one.words for one in lines] == [
        "群众回短信：没打过",
        "周* 回填放款：10 万元，4.75%",
        "周* 登记：打通了，3 分 20 秒",
        "周* 接单",
    ]
    assert lines[0].is_late and lines[-1].is_good
    assert lines[-1].at == "08:00:00" and lines[0].at == "8:00" and lines[0].day == "今天"


def test_what_no_page_tells_is_left_out() -> None:
    assert timeline_lines([entry("message_sent_again")], NOW, {}) == []


def test_a_missed_promise_is_told_with_its_due_time_a_reminder_is_not() -> None:
    due = "2026-11-24T15:59:59+00:00"
    lines = timeline_lines(
        [
            entry("clock.breach", clock="choice_soon", due_at=due),
            entry("clock.breach", clock="plan", due_at=due),
        ],
        NOW,
        {},
    )
    assert [(one.words, one.note) for one in lines] == [
        ("初步方案，超时了", "原定 11-24 23:59，按到点的时间记")
    ]
    assert lines[0].is_late


def test_every_state_has_its_word() -> None:
    assert set(ENGAGEMENT_WORDS) == set(ENGAGEMENT.states)
    assert set(DEMAND_WORDS) == set(DEMAND.states)
