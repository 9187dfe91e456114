"""A small county for tests: two townships, four villages, one natural village, banks and people."""

from __future__ import annotations

from puhui.kernel.actor import SYSTEM, Actor, Role
from puhui.kernel.crypto import blind_index, new_id
from puhui.parties import actions
from puhui.parties.identifiers import identity_check_digit
from puhui.parties.terms import Applicant, DutyForm, OrganisationCard, Registration, StaffCard

TOWNSHIPS = "code,name,areaCode\n990101001,东镇,990101\n990101101,西乡,990101\n"
VILLAGES = (
    "code,name,streetCode\n"
    "990101001001,单庄村委会,990101001\n"
    "990101001002,李家寨村民委员会,990101001\n"
    "990101101001,吴村村委会,990101101\n"
    "990101101002,红旗社区居民委员会,990101101\n"
)
TOWN, VILLAGE, OTHER_VILLAGE = "990101001", "990101001001", "990101101001"
COUNTY_ADMIN = Actor(Role.COUNTY_ADMIN, ref="9001", person=new_id(), organisation_ref="C01")


def divide() -> None:
    """Load the county's places."""
    report = actions.import_divisions(TOWNSHIPS.encode(), VILLAGES.encode(), by=SYSTEM)
    assert report.is_done, report.errors


def identity(number: int, born: str = "19700101") -> str:
    """The number-th made-up identity number of a place that does not exist."""
    first17 = f"990101{born}{number % 1000:03d}"
    return first17 + identity_check_digit(first17)


def phone(number: int) -> str:
    return f"1000000{number:04d}"


def form(
    number: int = 1,
    *,
    on_phone: str = "",
    name: str = "李小民",
    village: str = VILLAGE,
    text: str = "",
    born: str = "19700101",
) -> Registration:
    return Registration(name, identity(number, born), on_phone or phone(number), village, text)


def on(number: str) -> Actor:
    """A session on a phone whose person is not picked."""
    return Actor(
        Role.RESIDENT, ref="session:x", session=new_id(), phone_index=blind_index("phone", number)
    )


def as_resident(person: Applicant) -> Actor:
    return Actor(
        Role.RESIDENT,
        ref=person.ref,
        person=person.id,
        session=new_id(),
        phone_index=blind_index("phone", person.phone),
    )


def register(number: int = 1, **wanted: str) -> Applicant:
    return actions.register_resident(form(number, **wanted), via="page", by=SYSTEM)


def bank(name: str = "沃野农商银行", ref: str = "B01") -> OrganisationCard:
    return actions.create_organisation(
        name, "bank", ref=ref, type_name="农村商业银行", duty_phone="0000-1101", by=COUNTY_ADMIN
    )


def officer(
    bank_ref: str = "B01", ref: str = "", role: str = "loan_officer", number: int = 5001
) -> StaffCard:
    return actions.create_staff(
        bank_ref, "周大勇", phone(number), ref=ref, duties=[DutyForm(role)], by=COUNTY_ADMIN
    )


def staff_actor(card: StaffCard, *areas: str) -> Actor:
    return Actor(
        Role(card.role),
        ref=card.ref,
        person=card.id,
        organisation=card.organisation,
        organisation_ref=card.organisation_ref,
        areas=frozenset(areas),
        duty=card.duty,
    )
