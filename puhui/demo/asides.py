"""What goes otherwise than planned: a bank that waits, one that is stuck, a no that is disputed, plans
that do not suit, a bank to be changed, a month's sheet that does not agree. One of each, through the real actions."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from puhui.demo.requests import WAN
from puhui.demo.staffing import Desks
from puhui.demo.story import Story
from puhui.kernel.actor import SYSTEM
from puhui.kernel.command import history
from puhui.market import actions, queries
from puhui.market.terms import TalkWish

PAUSED, STUCK, DISPUTED, TALKED, MOVED, PAID = 112, 119, 22, 114, 11, 15
"""Numbers of the requests that this happens to."""
SHEET_BANK = "B01"
MOST_ROWS = 200
"""Of a month's loans that the sheet repeats; a county at full size has thousands."""


def play(stories: Mapping[int, Story], desks: Desks, now: datetime) -> None:
    """After the stories, in the last half hour."""
    with history(now - timedelta(minutes=30), by=SYSTEM):
        _wait(stories[PAUSED], desks)
        _dispute(stories[DISPUTED])
        _stuck(stories[STUCK], desks)
    with history(now - timedelta(minutes=25), by=SYSTEM):
        _talk(stories[TALKED])
        _move(stories[MOVED], desks)
    with history(now - timedelta(minutes=20), by=SYSTEM):
        _compare(stories[PAID], desks)


def _wait(story: Story, desks: Desks) -> None:
    (bank,) = story.reached
    words = "承包合同在亲戚手里，等本人取回来"
    actions.pause(story.reached[bank], words, by=desks.officers[bank][0])


def _stuck(story: Story, desks: Desks) -> None:
    (bank,) = story.reached
    words = "大棚登记要等镇里盖章，约了周三去办。"
    actions.note_obstacle(story.reached[bank], words, by=desks.officers[bank][0])


def _dispute(story: Story) -> None:
    words = "流转合同我上周就交到网点了，请再看一遍。"
    actions.open_objection(story.reached["B02"], words=words, by=story.applicant)


def _talk(story: Story) -> None:
    wishes = (TalkWish.LONGER.value, TalkWish.CHEAPER.value)
    actions.ask_to_talk(
        story.ref, wishes, words="秋后才卖得上价，能用到明年底最好。", by=story.applicant
    )


def _move(story: Story, desks: Desks) -> None:
    actions.propose_reassignment(story.reached["B04"], "B09", by=desks.supervisor)


def _compare(story: Story, desks: Desks) -> None:
    """The bank's books say a smaller sum for one loan; all other rows agree."""
    officer, ref = desks.officers[SHEET_BANK][0], story.reached[SHEET_BANK]
    loan = queries.engagement(officer, ref).engagement.loan
    assert loan is not None and loan.paid_out_on
    month = loan.paid_out_on.replace(day=1)
    template = queries.return_template(officer, month)
    paid = [row for row in template.rows if row[1] is not None]
    rows = [row for row in paid if row[0] == ref] + [row for row in paid if row[0] != ref]
    sheet = _sheet([c.title for c in template.columns], rows[:MOST_ROWS], ref)
    actions.import_returns(f"{month:%Y-%m}", sheet, is_dry_run=False, by=officer)


def _sheet(titles: list[str], rows: list[tuple[Any, ...]], short: str) -> bytes:
    text = io.StringIO()
    out = csv.writer(text)
    out.writerow(titles)
    for ref, fen, ppm, paid_out_on, due_on in rows:
        amount = Decimal(fen - (WAN if ref == short else 0)) / WAN
        out.writerow([ref, amount, Decimal(ppm) / 10_000, _day(paid_out_on), _day(due_on)])
    return text.getvalue().encode()


def _day(on: date | None) -> str:
    return on.isoformat() if on else ""
