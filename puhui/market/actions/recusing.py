"""A deputy whose own bank competes loses the case to another deputy, or to the county (ruling 11)."""

from __future__ import annotations

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Now

from puhui.kernel.actor import SYSTEM, Actor, Role
from puhui.kernel.command import Work, command
from puhui.market.models import Engagement, FinancingDemand, FollowUp
from puhui.market.reach import COMPETING
from puhui.market.telling import Tellings, banks_at_work, topics
from puhui.parties import queries as parties

BATCH = 50


@command(Role.SYSTEM)
def hand_on(work: Work, *, by: Actor = SYSTEM) -> int:
    """Give open follow-ups of deputies whose own bank competes to somebody else; how many.

    Both are told why. What the deputy sees is decided by reach at once; this moves the ownership,
    within a second. Source: domain.md §0 ruling 11, content.md §3.2 ③.
    """
    owned = _conflicting().values_list("demand_id", flat=True)[:BATCH]
    locked = FinancingDemand.objects.select_for_update(of=("self",), skip_locked=True)
    moved = 0
    for demand in locked.select_related("township", "directed_bank").filter(pk__in=list(owned)):
        for row in _conflicting().filter(demand=demand).select_related("owner"):
            moved += _hand_on(work, demand, row)
    return moved


def _conflicting() -> QuerySet[FollowUp]:
    """Open follow-ups whose owner comes from a bank that works the case or was asked alone."""
    owns = Q(
        owner__duties__role=Role.TOWNSHIP_ADMIN,
        owner__duties__seconded_from__isnull=False,
        owner__duties__ends_at__isnull=True,
    ) | Q(
        owner__duties__role=Role.TOWNSHIP_ADMIN,
        owner__duties__seconded_from__isnull=False,
        owner__duties__ends_at__gt=Now(),
    )
    rivals = Engagement.objects.filter(
        demand=OuterRef("demand"), bank=OuterRef("origin"), state__in=COMPETING
    )
    return (
        FollowUp.objects.filter(owns, closed_at__isnull=True)
        .annotate(origin=F("owner__duties__seconded_from"))
        .filter(Q(Exists(rivals)) | Q(demand__directed_bank=F("origin")))
        .order_by("opened_at", "id")
    )


def _hand_on(work: Work, demand: FinancingDemand, row: FollowUp) -> int:
    before = row.owner
    rivals = banks_at_work(demand)
    after = parties.case_owner(SYSTEM, demand.township_id, work.now, rivals=rivals)
    FollowUp.objects.filter(pk=row.pk).update(owner=after.id if after else None)
    tell = Tellings.of(demand, work.now)
    if before is not None and after is not None:
        told = parties.staff_card(SYSTEM, before.ref)
        tell.staff([told], "T04", 编号=demand.ref, 姓=after.surname)
    if after is not None:
        tell.staff([after], "T05", 编号=demand.ref, 地=demand.township.short_name)
    tell.write()
    work.record(
        "follow_up.hand_on",
        ("follow_up", row.ref),
        demand=demand.ref,
        topics=topics(demand),
        owner=after.ref if after else "",
        before=before.ref if before else "",
    )
    return 1
