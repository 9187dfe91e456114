"""Signing in over REST: residents by code, several on a phone, staff by password and second factor."""

from __future__ import annotations

import re
from datetime import timedelta

import pyotp
import pytest

from puhui.access import actions as access
from puhui.access import queries as tokens
from puhui.access.models import Session
from puhui.kernel.actor import SYSTEM, Via
from puhui.kernel.command import database_now
from puhui.kernel.crypto import blind_index
from puhui.kernel.models import StoredResponse
from puhui.notices.models import TextMessage
from tests import world
from tests.access.test_sign_in_codes import earlier
from tests.rest.partner import Partner

PHONE = "19800009001"


def _code(phone: str) -> str:
    text = TextMessage.objects.filter(phone_index=blind_index("phone", phone), code="S01").last()
    assert text is not None
    found = re.search(r"\d{6}", text.words)
    assert found
    return found[0]


def _asked(partner: Partner, phone: str) -> str:
    assert partner.post("/auth/codes", {"phone": phone}, key=None).status_code == 200
    return _code(phone)


def _with(token: str) -> Partner:
    return Partner({"Authorization": f"Bearer {token}"})


@pytest.mark.django_db
def test_a_registered_resident_signs_in_and_sees_their_own() -> None:
    world.build()
    person = world.resident(phone=PHONE)
    answer = Partner().post("/auth/sessions", {"phone": PHONE, "code": _asked(Partner(), PHONE)})
    assert answer.status_code == 201, answer.content.decode()
    told = answer.json()
    assert (told["role"], told["person"], told["must_enrol"]) == ("resident", person.ref, False)
    assert _with(told["token"]).get("/my/demands").json() == {"items": [], "next": None}
    assert not StoredResponse.objects.exists()


@pytest.mark.django_db
def test_people_of_one_phone_are_picked_by_their_last_four() -> None:
    world.build()
    one, two = (world.registered(name=name, phone=PHONE) for name in ("王大山", "王小山"))
    opened = Partner().post("/auth/sessions", {"phone": PHONE, "code": _asked(Partner(), PHONE)})
    told = opened.json()
    assert told["person"] is None and {p["ref"] for p in told["people"]} == {one.ref, two.ref}
    assert "王小山" not in opened.content.decode()
    partner = _with(told["token"])
    wrong = partner.post("/auth/sessions", {"person": two.ref, "last_four": "0000"})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "last_four_wrong")
    from puhui.parties.models import Resident

    last_four = Resident.objects.get(ref=two.ref).identity_number[-4:]
    picked = partner.post("/auth/sessions", {"person": two.ref, "last_four": last_four})
    assert picked.json()["person"] == two.ref, picked.content.decode()


@pytest.mark.django_db
def test_who_is_nobody_yet_registers_with_the_first_demand_and_may_retry() -> None:
    from puhui.rest.schemas.examples import DEMAND

    county = world.build()
    assert county.bank
    opened = Partner().post("/auth/sessions", {"phone": PHONE, "code": _asked(Partner(), PHONE)})
    partner = _with(opened.json()["token"])
    assert partner.post("/my/demands", DEMAND).json()["code"] == "not_found"
    registration = {
        "name": "赵新人",
        "identity_number": world.identity_number(555, "19800505"),
        "village_code": world.VILLAGE,
        "phone": PHONE,
    }
    body = {**DEMAND, "registration": registration, "another": True}
    first = partner.post("/my/demands", body, key="first")
    assert first.status_code == 201, first.content.decode()
    again = partner.post("/my/demands", body, key="first")
    assert (again.status_code, again.content) == (201, first.content)
    assert [one["ref"] for one in partner.get("/my/demands").json()["items"]] == [
        first.json()["ref"]
    ]


@pytest.mark.django_db
def test_e3_the_answer_is_the_same_for_known_and_unknown_numbers() -> None:
    world.build()
    world.resident(phone=PHONE)
    known = Partner().post("/auth/codes", {"phone": PHONE}, key=None)
    unknown = Partner().post("/auth/codes", {"phone": "19800019001"}, key=None)
    assert known.json() == unknown.json() and known.status_code == unknown.status_code
    soon = Partner().post("/auth/codes", {"phone": PHONE}, key=None)
    assert (soon.status_code, soon.json()["code"]) == (429, "too_many_tries")


@pytest.mark.django_db
def test_e3_a_wrong_guess_is_counted_and_the_sixth_is_not_judged() -> None:
    world.build()
    world.resident(phone=PHONE)
    code = _asked(Partner(), PHONE)
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    for _ in range(5):
        answer = Partner().post("/auth/sessions", {"phone": PHONE, "code": wrong})
        assert answer.status_code in (422, 429)
    right = Partner().post("/auth/sessions", {"phone": PHONE, "code": code})
    assert right.status_code in (422, 429) and not Session.objects.exists()


@pytest.mark.django_db
def test_staff_sign_in_with_password_and_second_factor() -> None:
    county = world.build()
    duty = county.supervisor.duty
    assert duty is not None
    password = access.create_account(county.supervisor.ref, duty, "liu", by=SYSTEM)
    login = {"login": "liu", "password": password, "totp": ""}
    opened = Partner().post("/auth/sessions", login)
    assert opened.json()["must_enrol"] is True
    closed = _with(opened.json()["token"]).get("/watch/demands")
    assert (closed.status_code, closed.json()["code"]) == (403, "must_enrol")
    by = tokens.actor_of_session(opened.json()["token"], Via.REST)
    uri = access.enrol_totp(by=by)
    totp = pyotp.parse_uri(uri)
    assert isinstance(totp, pyotp.TOTP)
    access.change_password(password, "a-long-new-word-7", by=by)
    access.confirm_totp(totp.at(database_now()), by=by)
    login = {
        **login,
        "password": "a-long-new-word-7",
        "totp": totp.at(database_now() + timedelta(seconds=30)),
    }
    signed = Partner().post("/auth/sessions", login)
    assert signed.status_code == 201, signed.content.decode()
    assert signed.json()["role"] == "finance_monitoring_centre"
    assert _with(signed.json()["token"]).get("/watch/demands").status_code == 200
    wrong = Partner().post("/auth/sessions", {**login, "password": "no"})
    assert (wrong.status_code, wrong.json()["code"]) == (401, "sign_in_failed")
    assert wrong["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.django_db
def test_credentials_that_open_nothing() -> None:
    county = world.build()
    officer = county.bank.officer.ref
    key = access.create_api_key("B01", by=SYSTEM).key
    cases = [
        ({}, 401, "credentials_missing"),
        ({"Authorization": "Bearer nonsense"}, 401, "session_unknown"),
        ({"Authorization": "Basic eDp5"}, 401, "credentials_missing"),
        ({"X-API-Key": "nonsense", "X-Officer": officer}, 401, "api_key_unknown"),
        ({"X-API-Key": key}, 403, "officer_unknown"),
        ({"X-API-Key": key, "X-Officer": county.banks[1].officer.ref}, 403, "officer_unknown"),
        ({"X-API-Key": key, "X-Officer": "\xe9"}, 403, "officer_unknown"),
        ({"X-API-Key": key, "Authorization": "Bearer x"}, 400, "two_credentials"),
    ]
    for headers, status, code in cases:
        answer = Partner(headers).get("/bank/demands")
        assert (answer.status_code, answer.json()["code"]) == (status, code), headers


@pytest.mark.django_db
def test_a_page_cookie_opens_nothing_here() -> None:
    county = world.build()
    opened = access.open_persona_session("staff", county.bank.officer.ref, by=SYSTEM)
    partner = Partner()
    partner.client.cookies["puhui_session"] = opened.token
    assert partner.get("/bank/demands").status_code == 401


@pytest.mark.django_db
def test_s24_a_device_that_sends_what_it_was_given_is_known_and_another_is_told_of() -> None:
    world.build()
    world.resident(phone=PHONE)

    def entered(**device: str) -> str:
        earlier(minutes=2)
        body = {"phone": PHONE, "code": _asked(Partner(), PHONE), **device}
        answer = Partner().post("/auth/sessions", body)
        assert answer.status_code == 201, answer.content.decode()
        return str(answer.json()["device"])

    def told() -> int:
        return TextMessage.objects.filter(code="S24").count()

    kept = entered()
    assert kept and told() == 0, "nobody is told of their first sign-in"
    assert entered(device=kept) == kept and told() == 0
    other = entered()
    assert other != kept and told() == 1
    assert entered(device="iPhone") != "iPhone" and told() == 2, "a made-up name is no device"
    assert not StoredResponse.objects.exists()


@pytest.mark.django_db
def test_a_picked_person_and_staff_get_what_is_theirs() -> None:
    county = world.build()
    one, _ = (world.registered(name=name, phone=PHONE) for name in ("王大山", "王小山"))
    from puhui.parties.models import Resident

    last_four = Resident.objects.get(ref=one.ref).identity_number[-4:]
    picked = {"person": one.ref, "last_four": last_four}
    body = {"phone": PHONE, "code": _asked(Partner(), PHONE), **picked}
    told = Partner().post("/auth/sessions", body).json()
    assert told["device"] and told["people"] == [] and told["person"] == one.ref
    again = _with(told["token"]).post("/auth/sessions", picked).json()
    assert again["device"] is None, county.bank.ref
