"""Villagers ask about their village's affairs; township or county answers, by a day (M025)."""

from __future__ import annotations

import secrets
from datetime import date, datetime, timedelta
from uuid import UUID

from puhui.content.models import VillageReport
from puhui.content.reach import answerable
from puhui.content.rules import (
    ANSWER_WORDS,
    ANSWER_WORKING_DAYS,
    MOST_REPORTS_A_DAY,
    report_errors,
)
from puhui.content.terms import Refusals, ReportForm, sections_by_village
from puhui.kernel.actor import ANYONE, COUNTY, SYSTEM, Actor, Role
from puhui.kernel.calendar import UnknownYear, WorkingCalendar
from puhui.kernel.clock import end_of_day, local_date
from puhui.kernel.command import NOT_FOUND, Invalid, Refused, Work, command
from puhui.kernel.models import CalendarYear
from puhui.parties import queries as parties

TOPIC = "village_reports"
FORGOTTEN = "（本人已注销账号，内容已删除）"
LONGEST_WAIT = timedelta(days=9)
"""Five working days with a weekend and a day off; only while a year's table is not loaded."""


@command(Role.RESIDENT)
def report_on_village(work: Work, village_code: str, form: ReportForm, *, by: Actor) -> str:
    """Send a question, comment or report about a village; returns its reference.

    The township answers, or the county if asked past it, within five working days. Refuses Invalid,
    NOT_FOUND (no such village, nobody picked on the phone) and REPORT_MANY (five a day). Source: M025.
    """
    if by.person is None:
        raise Refused(NOT_FOUND)
    errors = report_errors(form)
    if errors:
        raise Invalid(errors)
    village = parties.division(ANYONE, village_code)
    if village.kind not in ("village", "natural_village"):
        raise Refused(NOT_FOUND)
    today = VillageReport.objects.filter(
        resident_id=by.person, sent_at__gt=work.now - timedelta(days=1)
    )
    if today.count() >= MOST_REPORTS_A_DAY:
        raise Refused(Refusals.REPORT_MANY, most=MOST_REPORTS_A_DAY)
    known = {section.key for section in sections_by_village()}
    row = VillageReport(
        ref=f"V{secrets.token_hex(4).upper()}",
        village_id=village.code,
        township_code=village.township_code,
        section=form.section if form.section in known else "",
        kind=form.kind,
        words=form.words.strip(),
        resident_id=by.person,
        may_be_public=form.may_be_public,
        owner="county" if form.to_county else "township",
        sent_at=work.now,
        due_at=_due(work.now),
    )
    row.save(force_insert=True)
    work.record(
        "village_report_sent",
        ("village_report", row.ref),
        topics=(TOPIC,),
        village=village.code,
        kind=row.kind,
        owner=row.owner,
        due_at=row.due_at,
    )
    return row.ref


def _due(now: datetime) -> datetime:
    days = [
        (date(row.year, 1, 1) + timedelta(days=step), mark == "1")
        for row in CalendarYear.objects.filter(year__gte=local_date(now).year)
        for step, mark in enumerate(row.working)
    ]
    try:
        calendar = WorkingCalendar.from_rows(days)
        return end_of_day(calendar.add_working_days(local_date(now), ANSWER_WORKING_DAYS))
    except UnknownYear:
        return end_of_day(local_date(now) + LONGEST_WAIT)


@command(*COUNTY, Role.TOWNSHIP_ADMIN)
def answer_report(work: Work, ref: str, answer: str, *, is_public: bool, by: Actor) -> None:
    """Answer a report, to the sender alone or on the village's page too; once.

    Refuses NOT_FOUND, ANSWER_WORDS, ANSWER_PRIVATE (the sender did not agree) and NOT_FOUND for one
    that is answered.
    """
    if not ANSWER_WORDS[0] <= len(answer.strip()) <= ANSWER_WORDS[1]:
        raise Refused(Refusals.ANSWER_WORDS)
    row = answerable(by).select_for_update(of=("self",)).filter(ref=ref, state="open").first()
    if row is None:
        raise Refused(NOT_FOUND)
    if is_public and not row.may_be_public:
        raise Refused(Refusals.ANSWER_PRIVATE)
    row.state, row.answer, row.is_public = "answered", answer.strip(), is_public
    row.answered_at, row.answered_by_ref = work.now, by.ref
    row.save(update_fields=["state", "answer", "is_public", "answered_at", "answered_by_ref"])
    work.record(
        "village_report_answered",
        ("village_report", ref),
        topics=(TOPIC,),
        is_public=is_public,
        is_late=work.now > row.due_at,
    )


@command(Role.SYSTEM)
def forget_reporter(work: Work, resident: UUID, *, by: Actor = SYSTEM) -> None:
    """The words of a person whose account is gone go too; that there was a report stays."""
    for row in VillageReport.objects.select_for_update().filter(resident_id=resident):
        row.words, row.answer, row.is_public = FORGOTTEN, FORGOTTEN if row.answer else None, False
        row.save(update_fields=["words", "answer", "is_public"])
