"""What township and county ask of parties in one statement for a whole page."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from puhui.kernel.actor import COUNTY, STAFF, Actor, Role, query
from puhui.kernel.prepared import Prepared
from puhui.parties.models import Division, Duty, Staff, VillageBank
from puhui.parties.queries.places import bank_card, division_card
from puhui.parties.rules.names import mask_name
from puhui.parties.terms import BankCard, DivisionCard


@query(Role.TOWNSHIP_ADMIN, *COUNTY, Role.AUDITOR)
def villages_without_commissioner(
    actor: Actor, township_codes: Collection[str], now: datetime
) -> list[DivisionCard]:
    """Villages of these townships for which nobody holds the commissioner's duty, by pinyin.

    A deputy asks of the own township only; others' codes bring nothing (M012).
    """
    wanted = set(township_codes)
    if actor.role is Role.TOWNSHIP_ADMIN:
        wanted &= actor.areas
    held = Duty.objects.filter(
        Q(ends_at__isnull=True) | Q(ends_at__gt=now),
        Q(area=OuterRef("pk")) | Q(area__parent=OuterRef("pk")),
        role=Role.VILLAGE_COMMISSIONER,
        starts_at__lte=now,
        staff__is_active=True,
    )
    rows = Division.objects.filter(
        ~Exists(held), kind=Division.Kind.VILLAGE, is_active=True, township_code__in=wanted
    )
    return [division_card(row) for row in rows.order_by("pinyin", "code")]


@query(Role.TOWNSHIP_ADMIN, *COUNTY, Role.AUDITOR)
def responsible_banks(actor: Actor, village_codes: Collection[str]) -> dict[str, BankCard]:
    """Which bank is responsible for each of these villages; a village without one is left out."""
    if not village_codes:
        return {}
    codes = list(village_codes)
    by_village = {row.village_id: bank_card(row.organisation) for row in _of_villages(codes)}
    for code, parent in _parents(codes):
        if parent in by_village:
            by_village.setdefault(code, by_village[parent])
    return {code: card for code, card in by_village.items() if code in village_codes}


@Prepared
def _of_villages(codes: list[str]) -> QuerySet[VillageBank]:
    here = Q(village__in=codes) | Q(village__children__in=codes)
    rows = VillageBank.objects.select_related("organisation", "village")
    return rows.filter(here, organisation__is_active=True)


@Prepared
def _parents(codes: list[str]) -> QuerySet[Any, Any]:
    rows = Division.objects.filter(pk__in=codes, kind=Division.Kind.NATURAL_VILLAGE)
    return rows.values_list("code", "parent_id")


@query(*STAFF)
def people_named(actor: Actor, refs: Collection[str]) -> dict[str, str]:
    """Masked names of staff by number, whether or not they still serve: 周*."""
    rows = Staff.objects.filter(ref__in=refs)
    return {row.ref: mask_name(row.name) for row in rows}
