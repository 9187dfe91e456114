"""What the platform tells offices by itself: the morning's reports, and banks that do not call now."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Count, Q

from puhui.kernel.actor import SYSTEM, Actor, Role
from puhui.kernel.clock import at_local, local_date
from puhui.kernel.command import Work, command
from puhui.market.models import (
    FinancingDemand,
    FollowUp,
    LoanReturn,
    OfficeReport,
    Recheck,
    Supervision,
)
from puhui.market.queries.callbacks import judged_demands
from puhui.market.queries.owed import late_engagements
from puhui.market.reach import demands
from puhui.market.timing import timing
from puhui.notices import actions as notices
from puhui.notices.terms import Telling
from puhui.parties import queries as parties
from puhui.parties.terms import StaffCard

WARN_AGAIN = timedelta(minutes=10)


@command(Role.SYSTEM)
def report_morning(work: Work, *, by: Actor = SYSTEM) -> int:
    """Once a day, when duty hours open: T03 to every deputy with something to do, C02 to the
    county's leaders (its administrators). How many were told. Source: content.md §2.3.
    """
    today = local_date(work.now)
    if not timing(work.now).is_duty(work.now) or not _once(work, "morning", today.isoformat()):
        return 0
    deputies = parties.duty_holders(SYSTEM, Role.TOWNSHIP_ADMIN, now=work.now)
    leaders = parties.duty_holders(SYSTEM, Role.COUNTY_ADMIN, now=work.now)
    banks = {one.ref: one.id for one in parties.banks(SYSTEM)}
    told = [
        Telling("T03", one.phone, words, staff=one.id)
        for one in deputies
        if (words := deputys_day(_actor(one, banks), work.now))
    ]
    words = countys_yesterday(work.now)
    told += [Telling("C02", one.phone, words, staff=one.id) for one in leaders]
    notices.tell(told, by=SYSTEM)
    return len(told)


def _once(work: Work, kind: str, key: str) -> bool:
    """Whether this report had not gone out yet; then it has now."""
    if OfficeReport.objects.filter(kind=kind, key=key).exists():
        return False
    try:
        with transaction.atomic():
            OfficeReport.objects.create(kind=kind, key=key, at=work.now)
    except IntegrityError:
        return False
    return True


def _actor(one: StaffCard, banks: Mapping[str, UUID]) -> Actor:
    """The deputy as an asker: the same reach as on their desk, ruling 11 included."""
    return Actor(
        Role.TOWNSHIP_ADMIN,
        ref=one.ref,
        person=one.id,
        areas=frozenset({one.area_code}),
        seconded_from=banks.get(one.seconded_from_ref),
    )


def deputys_day(deputy: Actor, now: datetime) -> dict[str, str]:
    """What waits for a deputy: nobody claims, somebody is late, somebody is to be phoned back."""
    mine = demands(deputy).values("pk")
    open_ = FollowUp.objects.filter(demand__in=mine, closed_at__isnull=True).aggregate(
        unclaimed=Count("pk", filter=Q(kind="unclaimed")),
        others=Count("pk", filter=~Q(kind="unclaimed")),
    )
    late = late_engagements(deputy, now)
    calls = open_["others"] + Recheck.objects.filter(state="listed", demand__in=mine).count()
    total = open_["unclaimed"] + late + calls
    if not total:
        return {}
    return {
        "件": str(total),
        "没人接": str(open_["unclaimed"]),
        "超时": str(late),
        "回访": str(calls),
    }


def countys_yesterday(now: datetime) -> dict[str, str]:
    """Yesterday in five figures; the rate is of demands whose five minutes are over (K6)."""
    ends = at_local(local_date(now), time(0))
    begins = at_local(local_date(now) - timedelta(days=1), time(0))
    new = FinancingDemand.objects.filter(published_at__gte=begins, published_at__lt=ends)
    found = judged_demands(new).aggregate(
        new=Count("pk"),
        judged=Count("pk", filter=~Q(callback="")),
        in_time=Count("pk", filter=Q(callback__in=["confirmed", "self_reported"])),
        late=Count("pk", filter=Q(callback="late")),
    )
    judged, in_time = found["judged"], found["in_time"]
    unclaimed = FollowUp.objects.filter(
        kind="unclaimed", opened_at__gte=begins, opened_at__lt=ends
    ).count()
    paid = LoanReturn.objects.filter(returned_at__gte=begins, returned_at__lt=ends).count()
    return {
        "新增": str(found["new"]),
        "及时率": f"{(200 * in_time + judged) // (2 * judged)}%" if judged else "无",
        "没人接": str(unclaimed),
        "超时": str(found["late"]),
        "放款": str(paid),
    }


@command(Role.SYSTEM)
def warn_county(work: Work, *, by: Actor = SYSTEM) -> int:
    """C01 to the county's people on duty while banks are past ten minutes; how many were told.

    Only when another case has joined since the last, and at most every ten minutes (M011).
    """
    overdue = Supervision.objects.filter(
        kind="first_callback", closed_at__isnull=True, engagement__state="claimed"
    ).select_related("clock")
    rows = list(overdue.order_by("opened_at")[:1000])
    last = OfficeReport.objects.filter(kind="C01").order_by("-at").first()
    if not rows or (
        last is not None and (work.now - last.at < WARN_AGAIN or rows[-1].opened_at <= last.at)
    ):
        return 0
    if not _once(work, "C01", rows[-1].ref):
        return 0
    since = min(row.clock.due_at or row.opened_at for row in rows)
    words = {
        "家": str(len({row.bank_id for row in rows})),
        "笔": str(len(rows)),
        "分钟": str(10 + int((work.now - since).total_seconds() // 60)),
    }
    people = _on_duty(work)
    notices.tell([Telling("C01", one.phone, words, staff=one.id) for one in people], by=SYSTEM)
    return len(people)


def _on_duty(work: Work) -> list[StaffCard]:
    """The county's supervisors whom the roster names now, else all of them."""
    people = parties.duty_holders(SYSTEM, Role.COUNTY_SUPERVISOR, now=work.now)
    offices = {one.organisation for one in people if one.organisation}
    on_duty = {
        one.ref for office in offices for one in parties.officers_on_duty(SYSTEM, office, work.now)
    }
    return [one for one in people if one.ref in on_duty] or people
