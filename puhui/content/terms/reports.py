"""What villagers say of their village's affairs (M025): comments, questions, reports of wrongs."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import TextChoices


class ReportKind(TextChoices):
    """What it is."""

    QUESTION = "question", "看不明白，想问问"
    COMMENT = "comment", "提个意见"
    WRONG = "wrong", "觉得不对，要反映"


class ReportState(TextChoices):
    """Where it stands."""

    OPEN = "open", "等答复"
    ANSWERED = "answered", "答复了"


@dataclass(frozen=True, slots=True)
class ReportForm:
    """What a villager sends. `may_be_public`: question and answer may stand on the village's page,
    without a name. `to_county`: past the township, to the county alone."""

    kind: str
    words: str = field(repr=False)
    section: str = ""
    may_be_public: bool = False
    to_county: bool = False


@dataclass(frozen=True, slots=True)
class ReportCard:
    """One report. Whoever answers sees the village, never who wrote it."""

    ref: str
    kind: str
    section: str
    words: str = field(repr=False)
    village_code: str
    village_name: str
    state: str
    owner: str
    """Who answers: township or county."""
    sent_at: datetime
    due_at: datetime
    is_late: bool
    may_be_public: bool
    is_public: bool
    answer: str = field(default="", repr=False)
    answered_at: datetime | None = None
    answered_by: str = ""
