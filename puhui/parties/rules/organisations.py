"""Organisations and duties: which names, numbers and roles can be."""

import re

from puhui.kernel.actor import Role

KINDS = ("bank", "guarantor", "insurer", "township", "county", "village")
ROLES = {
    "bank": frozenset({Role.LOAN_OFFICER, Role.BANK_ADMIN}),
    "guarantor": frozenset(),
    "insurer": frozenset(),
    "township": frozenset({Role.TOWNSHIP_ADMIN, Role.VILLAGE_COMMISSIONER}),
    "county": frozenset({Role.COUNTY_SUPERVISOR, Role.COUNTY_ADMIN, Role.AUDITOR}),
    "village": frozenset({Role.VILLAGE_COMMISSIONER}),
}
"""Which duties the people of each kind of organisation may have."""
AREA_KINDS = {
    Role.TOWNSHIP_ADMIN: ("township", "unit"),
    Role.VILLAGE_COMMISSIONER: ("village", "natural_village"),
}
"""Duties of an area, and the kinds of division that can be one."""
MAY_COME_FROM_A_BANK = frozenset({Role.TOWNSHIP_ADMIN, Role.VILLAGE_COMMISSIONER})
"""Who watches over every bank is sent by none (decision 0016)."""
REF_LETTERS = {
    "bank": "B",
    "guarantor": "G",
    "insurer": "I",
    "township": "T",
    "county": "C",
    "village": "V",
}

LINE = re.compile(r"[0-9]+(?:-[0-9]+)*")
HOTLINE_PLACES = (3, 12)
PHONE_PLACES = (3, 20)
SIGNATURE = re.compile(r"【[^【】\s]{1,6}】")
ORGANISATION_REF = re.compile(r"[A-Z0-9][A-Z0-9-]{1,15}")
STAFF_REF = re.compile(r"[A-Z0-9][A-Z0-9-]{2,15}")
SMS_NAME_PLACES = 6


def is_line(number: str, places: tuple[int, int]) -> bool:
    """A telephone number of any kind: digits, hyphens between them."""
    return places[0] <= len(number) <= places[1] and LINE.fullmatch(number) is not None


def is_organisation_name(name: str) -> bool:
    return 2 <= len(name) <= 40 and name.isprintable()


def role_of(text: str, kind: str) -> Role | None:
    """The role, if people of this kind of organisation may have it."""
    return next((role for role in ROLES.get(kind, ()) if role == text), None)
