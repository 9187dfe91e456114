"""What an entry or a report must be like; what an address of an original may be. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from urllib.parse import urlsplit

from puhui.content.terms import (
    CheckState,
    EntryForm,
    Refusals,
    ReportForm,
    ReportKind,
    period_words,
    section_of,
)
from puhui.kernel.actor import COUNTY, Actor, Role
from puhui.kernel.command import FieldError, Reason

LONGEST = {
    "title": 60,
    "relation": 80,
    "body": 20_000,
    "source": 100,
    "source_url": 300,
    "dated_words": 30,
}
MOST_ROWS = 2_000
MOST_ATTACHMENTS = 12
NAME_LETTERS = 60
UNWANTED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069\u200b\ufeff]")
"""Marks that nobody types; those that turn the direction of reading could disguise a name."""
REPORT_WORDS, ANSWER_WORDS = (5, 500), (5, 1000)
MOST_REPORTS_A_DAY = 5
ANSWER_WORKING_DAYS = 5
"""As for any other objection (content.md §1.9)."""


def entry_errors(form: EntryForm) -> list[FieldError]:
    """Everything wrong with an entry: each field with its rule; empty when all is well."""
    return [*_text_errors(form), *_place_errors(form), *_source_errors(form)]


def _text_errors(form: EntryForm) -> Iterator[FieldError]:
    for field, most in LONGEST.items():
        text = str(getattr(form, field))
        if len(text) > most:
            yield FieldError(field, "too_long", f"最多写 {most} 个字，您写了 {len(text)} 个。")
        if UNWANTED.search(text.replace("\r\n", "\n")):
            yield FieldError(field, "odd_marks", "里面有看不见的符号，请重新打一遍这一项。")
    if not form.title.strip():
        yield FieldError("title", "empty", "请写标题。")


def _place_errors(form: EntryForm) -> Iterator[FieldError]:
    section = section_of(form.place, form.section)
    if section is None:
        yield _of(Refusals.SECTION_UNKNOWN)
        return
    if not section.form and not form.body.strip() and not form.relation.strip():
        yield FieldError("body", "empty", "请写正文，或至少写“跟您有啥关系”。")
    if section.by_village and not form.division_code:
        yield _of(Refusals.DIVISION_NEEDED)
    if section.by_village and not period_words(form.period):
        yield _of(Refusals.PERIOD_NEEDED)
    if form.check not in CheckState.values:
        yield _of(Refusals.CHECK_UNKNOWN)
    if len(form.rows) > MOST_ROWS:
        reason = Refusals.TOO_MANY_ROWS
        yield FieldError("file", reason.code, reason.sentence.format(most=MOST_ROWS))


def _source_errors(form: EntryForm) -> Iterator[FieldError]:
    if form.source_url and not is_address(form.source_url):
        yield FieldError("source_url", "address_bad", "链接要以 http:// 或 https:// 开头。")
    if form.check != CheckState.OWN and not form.source.strip():
        yield FieldError("source", "empty", "转载的要写清谁发的。")
    if form.dated_on is not None and not date(1949, 1, 1) <= form.dated_on <= date(2100, 1, 1):
        yield FieldError("dated_on", "day_bad", "日期要写成 2026-11-22 这样。")


def is_address(text: str) -> bool:
    """Whether a browser may be led there: http or https, a host, no name and word before it."""
    try:
        parts = urlsplit(text)
        host, _port = parts.hostname, parts.port
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(host) and "@" not in parts.netloc


def may_edit(actor: Actor, township_code: str) -> bool:
    """The county edits everything; a township what belongs to it or one of its villages."""
    if actor.role in COUNTY or actor.role is Role.SYSTEM:
        return True
    return (
        actor.role is Role.TOWNSHIP_ADMIN and bool(township_code) and (township_code in actor.areas)
    )


def report_errors(form: ReportForm) -> list[FieldError]:
    """What is wrong with a villager's report."""
    found = []
    if form.kind not in ReportKind.values:
        found.append(_of(Refusals.REPORT_KIND))
    if not REPORT_WORDS[0] <= len(form.words.strip()) <= REPORT_WORDS[1]:
        found.append(_of(Refusals.REPORT_WORDS))
    return found


def _of(reason: Reason) -> FieldError:
    return FieldError(reason.field, reason.code, reason.sentence)
