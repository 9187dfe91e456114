"""Nouns of help: who filled in for whom, by which channel, and what the person said of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import TextChoices


class HelpChannel(TextChoices):
    """By which door somebody of the staff asked for a resident (content.md §1.11)."""

    SPECIALIST = "specialist", "村金融专员代填"
    HOTLINE = "hotline", "打热线代办"
    PAPER = "paper", "纸质需求单"


class HelpKind(TextChoices):
    REQUEST = "request", "提需求"
    REGISTRATION = "registration", "登记"


class PhoneOf(TextChoices):
    """Whose phone takes the confirmation and the banks' calls."""

    OWN = "own", "他自己的"
    FAMILY = "family", "家里人的"
    OFFICE = "office", "村委的"


class HelpState(TextChoices):
    """What became of the confirmation, and nothing else: a helper sees no more than this."""

    WAITING = "waiting", "等本人回复"
    TO_CHECK = "to_check", "等第二个人核对"
    CONFIRMED = "confirmed", "本人确认了"
    CHECKED = "checked", "核对过了"
    REFUSED = "refused", "本人说不是"
    LAPSED = "lapsed", "到时没回，作废了"
    CANCELLED = "cancelled", "取消了"
    REJECTED = "rejected", "核对没通过"


LIVE_HELP = (HelpState.WAITING, HelpState.TO_CHECK)


class SlipCheck(TextChoices):
    """How the second person made sure of a slip."""

    SEEN = "seen", "看过纸单原件或照片，签了字"
    CALLED = "called", "打电话问过本人，是他要提的"


@dataclass(frozen=True, slots=True)
class Answering:
    """Whose phone answers for the person; `agreed` that they know of it, where it is not their own."""

    phone_of: str = PhoneOf.OWN
    relation: str = ""
    agreed: bool = False


@dataclass(frozen=True, slots=True)
class SlipCard:
    """A numbered slip of paper. `contact_code` stands on it, for whoever may print it alone."""

    ref: str
    contact_code: str
    printed_at: datetime
    state: str
    """new, entered, checked, rejected"""


@dataclass(frozen=True, slots=True)
class Hindrance:
    """Something under way: `kind` draft, open, objection, case, enterprise; the number it is known by."""

    kind: str
    ref: str
