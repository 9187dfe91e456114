"""Nouns of outreach: kinds of event, what is planned and logged, why it is refused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import TextChoices

from puhui.kernel.command import Reason


class EventKind(TextChoices):
    """What was brought where (M017)."""

    VILLAGE = "village", "进村"
    ENTERPRISE = "enterprise", "进企业"
    MARKET = "market", "进集市、商户"
    PARK = "park", "进园区、合作社"


@dataclass(frozen=True, slots=True)
class EventForm:
    """An event as it is planned. `villages` are codes of the township's villages."""

    title: str
    kind: str
    township: str
    starts_at: datetime
    villages: tuple[str, ...] = ()
    place: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """One event. `people` is None until it was held."""

    ref: str
    title: str
    kind: str
    township_code: str
    township: str
    village_codes: tuple[str, ...]
    villages: tuple[str, ...]
    place: str
    starts_at: datetime
    state: str
    people: int | None
    words: str
    organisation: str
    planned_by: str
    logged_by: str
    logged_at: datetime | None


@dataclass(frozen=True, slots=True)
class Visit:
    """An event as the village it comes to sees it: who, where, when. `people` came, once held."""

    title: str
    organisation: str
    villages: tuple[str, ...]
    place: str
    starts_at: datetime
    is_held: bool
    people: int | None


@dataclass(frozen=True, slots=True)
class Counts:
    """The four counts over events held in a span: a township or village counts once (M017)."""

    events: int
    townships: int
    villages: int
    people: int


@dataclass(frozen=True, slots=True)
class EventFilter:
    """What narrows the log; empty fields narrow nothing. Local days, both included."""

    township: str = ""
    state: str = ""
    since: date | None = None
    until: date | None = None


class Refusals:
    """Why something of outreach is refused."""

    TITLE = Reason("title_bad", "请写一句办的什么，不超过 60 个字。", 422, "title")
    KIND = Reason("kind_unknown", "请选进村、进企业还是别的。", 422, "kind")
    TOWNSHIP = Reason("township_unknown", "请选一个归您管的乡镇。", 422, "township")
    VILLAGE = Reason("village_unknown", "有的村不在这个乡镇里，请重新选。", 422, "villages")
    PLACE = Reason("place_long", "地点最多写 60 个字。", 422, "place")
    WORDS = Reason("words_long", "最多写 500 个字。", 422, "words")
    PEOPLE = Reason("people_bad", "来了多少人，填 0 到 100000 之间的整数。", 422, "people")
    NOT_YET = Reason("event_not_begun", "还没到开始的时间，办完了再记。", 422, "people")
    STATE = Reason("wrong_state", "这一场已经记过或取消了，请刷新看最新情况。")
