"""The county, its places, its banks: mostly public."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from puhui.kernel.actor import COUNTY, SIGNED_IN, Actor, Role, query
from puhui.kernel.command import NOT_FOUND, Refused
from puhui.kernel.prepared import Prepared
from puhui.parties.models import Division, Organisation, VillageBank
from puhui.parties.terms import BankCard, CountyCard, DivisionCard, OrganisationCard

NAMELESS = CountyCard("本县", "本县", "", "【县里普惠】", 5_000_000_000, "")
"""What pages show before `set_county`."""
COUNTY_CARD = """
SELECT c.name, c.short_name, c.hotline, c.sms_signature, c.largest_amount_fen, c.five_one_three,
       EXISTS (SELECT FROM kernel_installation WHERE kind = 'demo'),
       (SELECT count(*) FROM parties_organisation WHERE kind = 'bank' AND is_active)
FROM (SELECT 1) always LEFT JOIN parties_county c ON c.id = 1
"""


@query(Role.ANYONE)
def county(actor: Actor) -> CountyCard:
    """The county that this installation serves, whether it is a demo, how many banks. One statement.

    Largest amount of one request in fen.
    """
    with connection.cursor() as cursor:
        cursor.execute(COUNTY_CARD)
        row = cursor.fetchone()
    card = CountyCard(*row)
    if row[0] is not None:
        return card
    return replace(NAMELESS, is_demo=card.is_demo, banks=card.banks)


@query(Role.ANYONE)
def townships(actor: Actor) -> list[DivisionCard]:
    """Townships and units of their level, by pinyin."""
    rows = Division.objects.filter(parent=None, is_active=True).order_by("pinyin", "code")
    return [division_card(row) for row in rows]


@query(Role.ANYONE)
def villages(actor: Actor, township_code: str) -> list[DivisionCard]:
    """Villages and natural villages of a township, by pinyin; of an unknown township none."""
    rows = Division.objects.filter(
        township_code=township_code, parent__isnull=False, is_active=True
    ).order_by("pinyin", "code")
    return [division_card(row) for row in rows]


@query(Role.ANYONE)
def division(actor: Actor, code: str) -> DivisionCard:
    """One place. Refuses NOT_FOUND."""
    row = _division.first(code)
    if row is None:
        raise Refused(NOT_FOUND)
    return division_card(row)


@query(Role.ANYONE)
def division_names(actor: Actor, codes: Collection[str]) -> dict[str, str]:
    """Short names of places by code, by one statement; unknown codes are left out."""
    rows = Division.objects.filter(code__in=codes)
    return dict(rows.values_list("code", "short_name"))


@query(Role.ANYONE)
def banks(actor: Actor) -> list[BankCard]:
    """Banks of the county, in the county's order."""
    return [BankCard(*row) for row in _banks()]


@Prepared
def _banks() -> QuerySet[Any, tuple[Any, ...]]:
    rows = Organisation.objects.filter(kind="bank", is_active=True).order_by("position", "ref")
    return rows.values_list("id", "ref", "name", "sms_name", "duty_phone", "type_name")


@Prepared
def _bank(ref: str) -> QuerySet[Organisation]:
    return Organisation.objects.filter(kind="bank", is_active=True, ref=ref)


@Prepared
def _division(code: str) -> QuerySet[Division]:
    return Division.objects.filter(code=code)


@query(Role.ANYONE)
def institutions(actor: Actor) -> list[tuple[str, BankCard]]:
    """Every institution of the supermarket with its kind: banks, then guarantors, then insurers."""
    found = [(row.kind, bank_card(row)) for row in _institutions()]
    return sorted(found, key=lambda one: INSTITUTIONS.index(one[0]))


INSTITUTIONS = ("bank", "guarantor", "insurer")


@Prepared
def _institutions() -> QuerySet[Organisation]:
    rows = Organisation.objects.filter(kind__in=INSTITUTIONS, is_active=True)
    return rows.order_by("position", "ref")


@query(Role.ANYONE)
def bank(actor: Actor, ref: str) -> BankCard:
    """One bank by its reference. Refuses NOT_FOUND."""
    row = _bank.first(ref)
    if row is None:
        raise Refused(NOT_FOUND)
    return bank_card(row)


@query(*COUNTY, Role.AUDITOR)
def organisations(actor: Actor) -> list[OrganisationCard]:
    """Every organisation, the closed ones too, by kind, the county's order, reference."""
    rows = Organisation.objects.order_by("kind", "position", "ref")
    return [organisation_card(row) for row in rows]


@query(Role.SYSTEM)
def county_office(actor: Actor) -> OrganisationCard | None:
    """The county's first organisation of its own, if there is one."""
    row = (
        Organisation.objects.filter(kind="county", is_active=True)
        .order_by("position", "ref")
        .first()
    )
    return None if row is None else organisation_card(row)


@query(*SIGNED_IN)
def organisation(actor: Actor, ref: str) -> OrganisationCard:
    """One organisation by its reference. Refuses NOT_FOUND."""
    row = Organisation.objects.filter(ref=ref).first()
    if row is None:
        raise Refused(NOT_FOUND)
    return organisation_card(row)


@query(Role.ANYONE)
def responsible_bank(actor: Actor, village_code: str) -> BankCard | None:
    """The bank responsible for a village, or for the village that a natural village belongs to: public."""
    named = Q(village=village_code) | Q(village__children=village_code)
    row = (
        VillageBank.objects.select_related("organisation")
        .filter(named, organisation__is_active=True)
        .first()
    )
    return None if row is None else bank_card(row.organisation)


def division_card(row: Division) -> DivisionCard:
    return DivisionCard(
        code=row.code,
        name=row.name,
        short_name=row.short_name,
        kind=row.kind,
        parent_code=row.parent_id or "",
        township_code=row.township_code,
        pinyin=row.pinyin,
    )


def bank_card(row: Organisation) -> BankCard:
    return BankCard(
        id=row.id,
        ref=row.ref,
        name=row.name,
        sms_name=row.sms_name,
        duty_phone=row.duty_phone,
        type_name=row.type_name,
    )


def organisation_card(row: Organisation) -> OrganisationCard:
    return OrganisationCard(
        id=row.id,
        ref=row.ref,
        kind=row.kind,
        name=row.name,
        sms_name=row.sms_name,
        township_code=row.township_id or "",
        has_interface=row.has_interface,
        is_active=row.is_active,
    )


@query(Role.VILLAGE_COMMISSIONER)
def own_villages(actor: Actor) -> list[DivisionCard]:
    """The villages of a specialist's duty with the natural villages beneath them, by pinyin."""
    rows = Division.objects.filter(
        Q(code__in=actor.areas) | Q(parent_id__in=actor.areas), is_active=True
    )
    return [division_card(row) for row in rows.order_by("kind", "pinyin", "code")]
