"""A few counts for township and county, each with what it counts, out of how many, and the day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Q, Sum

from puhui.kernel.actor import Actor, query
from puhui.kernel.clock import at_local, local_date
from puhui.kernel.command import database_now
from puhui.market.lifecycle import OPEN_DEMAND
from puhui.market.models import Clock, FinancingDemand, LoanReturn
from puhui.market.queries.callbacks import WORDS, judged_demands
from puhui.market.queries.supervisors import WATCHERS
from puhui.market.reach import demands
from puhui.market.terms import ClockKind

DEFINITIONS = {
    "published": "当天 0 点到 24 点发出的需求，一份算一份；没发出的草稿不算。",
    "callback_confirmed": "当天发出、五分钟内有银行拨号、本人说接到了的需求；分母是当天发出、已见分晓的需求。",
    "callback_self_reported": "当天发出、五分钟内有银行拨号、本人还没说接没接到的需求；分母同上。",
    "callback_denied": "当天发出、银行说五分钟内拨了、本人说没有的需求；分母同上。",
    "callback_late": "当天发出、五分钟内没有一家银行拨号的需求；分母同上。",
    "waiting_now": "此刻还开着、该打电话的时间已到、还没有一家银行拨过号的需求，哪天发出的都算。",
    "overdue_now": "上一项里，本人的五分钟已过的需求；分母是上一项。",
    "disbursed": "当天由银行回填已放款的笔数，以放款日为准。",
    "disbursed_fen": "当天由银行回填已放款的金额，单位分，以放款日为准。",
}
"""What each figure counts, as it is shown beside the figure."""


@dataclass(frozen=True, slots=True)
class Indicator:
    """One figure. `denominator` is None where the figure is not a share of anything."""

    code: str
    value: int
    denominator: int | None
    definition: str
    on: date


@dataclass(frozen=True, slots=True)
class Indicators:
    """The figures of one day in the actor's area; `as_of` is the database's time of counting."""

    as_of: datetime
    figures: tuple[Indicator, ...]


@query(*WATCHERS)
def indicators(actor: Actor, on: date | None = None) -> Indicators:
    """Published, called (confirmed, self-reported, denied, late), waiting, overdue, disbursed (M009).

    `on`: the day, absent today; waiting and overdue are always of this moment. A township counts
    its own area only. Sums in fen. Four statements.
    """
    now = database_now()
    day = on or local_date(now)
    values = _published(actor, day) | _waiting(actor, now) | _disbursed(actor, day)
    judged, waiting = values.pop("judged"), values["waiting_now"]
    out_of = {f"callback_{word}": judged for word in WORDS} | {"overdue_now": waiting}
    figures = tuple(
        Indicator(code, values[code], out_of.get(code), definition, day)
        for code, definition in DEFINITIONS.items()
    )
    return Indicators(now, figures)


def _published(actor: Actor, day: date) -> dict[str, int]:
    start = at_local(day, time(0))
    rows = demands(actor).filter(
        published_at__gte=start, published_at__lt=start + timedelta(days=1)
    )
    words = {f"callback_{word}": Count("pk", filter=Q(callback=word)) for word in WORDS}
    judged = Count("pk", filter=~Q(callback=""))
    found: dict[str, int] = judged_demands(rows).aggregate(
        published=Count("pk"), judged=judged, **words
    )
    return found


def _waiting(actor: Actor, now: datetime) -> dict[str, int]:
    rows = FinancingDemand.objects.filter(pk__in=demands(actor).values("pk")).filter(
        state__in=OPEN_DEMAND, first_attempt_at__isnull=True, clock_start_at__lte=now
    )
    late = Clock.objects.filter(
        demand__in=rows.values("pk"), kind=ClockKind.CALLBACK_APPLICANT, due_at__lt=now
    ).filter(state__in=["running", "breached"])
    return {
        "waiting_now": rows.count(),
        "overdue_now": late.values("demand").distinct().count(),
    }


def _disbursed(actor: Actor, day: date) -> dict[str, int]:
    rows = LoanReturn.objects.filter(
        engagement__demand__in=demands(actor).values("pk"),
        paid_out_on=day,
        returned_at__isnull=False,
    )
    found = rows.aggregate(disbursed=Count("pk"), disbursed_fen=Sum("amount_fen"))
    return {"disbursed": found["disbursed"], "disbursed_fen": found["disbursed_fen"] or 0}
