"""Nouns of the satisfaction survey and of integrity cases (M013, content.md §3.3, §3.4)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from django.db.models import TextChoices

SCORED = range(1, 6)
SMALLEST_GROUP = 5
"""Fewer answers than this are not shown as a figure (domain.md §2a)."""
TURNS = 3
"""Not reached so often: the next in order takes the place (content.md §3.4)."""
BETWEEN_CALLS = timedelta(minutes=30)
"""Nobody is called again sooner: three presses one after another are not three calls."""


class Outcome(TextChoices):
    """The four outcomes by which the daily sample is stratified."""

    FUNDED = "funded", "办成"
    REFUSED = "refused", "没办成"
    WITHDRAWN = "withdrawn", "撤回"
    UNREACHED = "unreached", "没接通"


class YesNo(TextChoices):
    YES = "yes", "有"
    NO = "no", "没有"
    UNSURE = "unsure", "说不清"


class Waited(TextChoices):
    WITHIN_5 = "within_5", "5 分钟以内"
    WITHIN_10 = "within_10", "5 到 10 分钟"
    LONGER = "longer", "10 分钟以上"
    UNSURE = "unsure", "记不清"


class Finished(TextChoices):
    YES = "yes", "办成了"
    EXPLAINED = "no_told", "没办成，说清了为啥"
    UNEXPLAINED = "no_untold", "没办成，没说清"
    UNDERWAY = "underway", "还在办"


class Kept(TextChoices):
    SAME = "same", "一样"
    DIFFERENT = "different", "不一样"
    NOT_THERE = "not_there", "还没到那一步"


@dataclass(frozen=True, slots=True)
class SurveyAnswers:
    """The eight questions of the script. Scores 1 to 5; none where somebody took money."""

    called: str
    waited: str
    visited: str
    finished: str
    kept_word: str
    money_taken: bool
    attitude: int | None
    overall: int | None
    words: str = field(default="", repr=False)
    may_tell_bank: bool = False
    money_words: str = field(default="", repr=False)


class ReportSource(TextChoices):
    """By which way somebody said that money was taken."""

    SURVEY = "survey", "县里电话回访"
    RATING = "rating", "群众打分时说的"
    REPORT = "report", "群众反映"
    RECHECK = "recheck", "抽查代办时说的"
    NOT_ME = "not_me", "群众说不是本人提的"


class Office(TextChoices):
    """To whom the county hands an integrity case."""

    DISCIPLINE = "discipline", "纪检监察"
    POLICE = "police", "公安"


class IntegrityFinding(TextChoices):
    FOUNDED = "founded", "属实"
    UNFOUNDED = "unfounded", "查了，不属实"
    UNPROVEN = "unproven", "查不清"


class RecheckOutcome(TextChoices):
    """What somebody says of a request made with another's help."""

    GENUINE = "genuine", "是本人要提的，写的都对"
    DIFFERENT = "different", "是本人要提的，有的写得不对"
    NOT_THEIRS = "not_theirs", "不是本人要提的"
    UNREACHED = "unreached", "没接"
