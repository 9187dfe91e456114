"""Signing in, as a person would: the code is read from the text message that was sent."""

from __future__ import annotations

import re

import pyotp

from puhui.access import actions
from puhui.access.models import StaffAccount
from puhui.access.terms import SignedIn
from puhui.kernel.actor import ANYONE, SYSTEM, Via
from puhui.kernel.crypto import blind_index
from puhui.notices.models import TextMessage
from puhui.parties import actions as parties
from puhui.parties.terms import DutyForm, StaffCard
from tests.parties import county

ADDRESS = "192.0.2.1"
PASSWORD = "a sunny field of wheat"


def ask(phone: str, address: str = ADDRESS) -> str:
    """Ask for a code and read it from the phone."""
    actions.request_sign_in_code(phone, address=address, by=ANYONE)
    return code_on(phone)


def code_on(phone: str) -> str:
    sent = TextMessage.objects.filter(phone_index=blind_index("phone", phone), code="S01")
    found = re.search(r"验证码(\d{6})，", sent.latest("created_at", "id").words)
    assert found
    return found[1]


def answer(phone: str, code: str, address: str = ADDRESS) -> SignedIn:
    return actions.sign_in_with_code(phone, code, address=address, via=Via.PAGE, by=ANYONE)


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


def sign_in(phone: str) -> SignedIn:
    return answer(phone, ask(phone))


def totp(login: str, steps: int = 0) -> str:
    """The code of this half-minute, or of one so many half-minutes away."""
    from puhui.kernel.command import database_now

    secret = StaffAccount.objects.get(login=login).totp_secret
    return pyotp.TOTP(secret).at(int(database_now().timestamp()) + 30 * steps)


def staff_sign_in(
    login: str, password: str = PASSWORD, code: str = "", address: str = ADDRESS
) -> SignedIn:
    return actions.sign_in_staff(login, password, code, address=address, via=Via.PAGE, by=ANYONE)


def account(card: StaffCard, login: str) -> str:
    assert card.duty
    return actions.create_account(card.ref, card.duty, login, by=county.COUNTY_ADMIN)


def enrolled(login: str = "zhou", card: StaffCard | None = None) -> StaffCard:
    """A member of staff who has changed the password and confirmed the second factor."""
    from puhui.access.queries import actor_of_session

    card = card or county.officer()
    password = account(card, login)
    opened = staff_sign_in(login, password)
    actions.change_password(password, PASSWORD, by=opened.actor)
    actions.enrol_totp(by=opened.actor)
    actions.confirm_totp(totp(login, -1), by=opened.actor)
    assert actor_of_session(opened.token, Via.PAGE).is_signed_in
    return card


def commissioner(phone: str, village: str = county.VILLAGE) -> StaffCard:
    office = parties.create_organisation(f"{village}村委会", "village", by=SYSTEM)
    return parties.create_staff(
        office.ref,
        "刘一刚",
        phone,
        duties=[DutyForm("village_finance_commissioner", village)],
        by=SYSTEM,
    )
