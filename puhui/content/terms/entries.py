"""Entries: articles and tables, as they are written and as they are read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import TextChoices


class EntryKind(TextChoices):
    """What an entry is."""

    ARTICLE = "article", "文章"
    TABLE = "table", "表格"


class EntryState(TextChoices):
    """Where an entry stands."""

    DRAFT = "draft", "草稿"
    SCHEDULED = "scheduled", "定时发布"
    PUBLISHED = "published", "已发布"
    WITHDRAWN = "withdrawn", "已撤下"


class CheckState(TextChoices):
    """Whether the original was looked at (核对)."""

    OWN = "own", "本单位发的"
    UNCHECKED = "unchecked", "没核对"
    SEEN = "seen", "见过公开转载"
    CHECKED = "checked", "核对过原文"


@dataclass(frozen=True, slots=True)
class EntryForm:
    """An entry as an editor sends it; with `ref` the next version of one, `version` the number of
    the version that the editor had before them.

    `dated_on` is the day of the source's publication, `dated_words` its words where a day says too
    little ("2026-08-01 起"). `relation` is the sentence 跟您有啥关系. `rows` holds a table's rows by
    column key, money in fen, days as text. `period` is a quarter, 2026Q3, for a village's own tables.
    """

    place: str
    section: str
    title: str
    body: str = ""
    relation: str = ""
    source: str = ""
    source_url: str = ""
    dated_on: date | None = None
    dated_words: str = ""
    valid_until: date | None = None
    check: str = CheckState.OWN.value
    division_code: str = ""
    period: str = ""
    rows: tuple[Mapping[str, Any], ...] = ()
    is_sample: bool = False
    position: int = 0
    ref: str = ""
    version: int = 0
    shipped_key: str = ""


@dataclass(frozen=True, slots=True)
class EntryCard:
    """An entry in a list. `published_on` is when it was put here, `dated` what its source says,
    `period` a quarter in words."""

    ref: str
    place: str
    section: str
    kind: str
    title: str
    relation: str
    source: str
    dated: str
    published_on: date | None
    valid_until: date | None
    is_ended: bool
    is_sample: bool
    check: str
    division_code: str
    division_name: str
    period: str
    state: str
    publish_at: datetime | None
    updated_at: datetime
    is_changed: bool
    """There is a later version than the one that is published."""
    version: int


@dataclass(frozen=True, slots=True)
class Attached:
    """A file of an entry."""

    number: int
    name: str
    kind: str
    size: int


@dataclass(frozen=True, slots=True)
class TablePage:
    """Rows of a table: headings and cells in words, the first cell naming the row."""

    keys: tuple[str, ...]
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    total: int


@dataclass(frozen=True, slots=True)
class EntryPage:
    """One entry as its readers see it. `html` is safe: rendered from Markdown, HTML off."""

    card: EntryCard
    source_url: str
    html: str
    table: TablePage | None
    attachments: tuple[Attached, ...]
    form: EntryForm = field(repr=False)
    withdrawn_words: str = field(repr=False, default="")
    """Why it was taken down; empty while it stands, and for readers."""


@dataclass(frozen=True, slots=True)
class VersionCard:
    """One kept version."""

    number: int
    title: str
    at: datetime
    by_ref: str
    is_live: bool
