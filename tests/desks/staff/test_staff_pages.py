"""Signing in by the pages: both factors, the first time, a village commissioner's phone, out again."""

import re

import pytest
from django.test import Client

from puhui.access import actions as access
from puhui.desks.shared.gate import SESSION_COOKIE
from puhui.kernel.actor import Actor, Role
from puhui.parties import actions as parties
from puhui.parties.terms import DutyForm
from tests import world
from tests.access.people import code_on, totp
from tests.desks.watched import browser, read

pytestmark = pytest.mark.django_db

OWN = "明年五月羊羔出栏 1204"


def account(county: world.World, actor: Actor, login: str = "zhou") -> str:
    assert actor.duty
    return access.create_account(actor.ref, actor.duty, login, by=county.admin)


def enrolled(county: world.World, actor: Actor, login: str = "zhou") -> Client:
    """A browser that has gone through the first sign-in."""
    password = account(county, actor, login)
    client = Client()
    client.post("/staff/sign-in", {"login": login, "password": password})
    client.post("/staff/first", {"old": password, "new": OWN, "again": OWN})
    client.post("/staff/second-factor/picture")
    client.post("/staff/second-factor", {"totp": totp(login, -1)})
    return client


def test_e3_the_first_sign_in_leads_through_password_and_second_factor_to_the_desk() -> None:
    county = world.build()
    password = account(county, county.bank.officer)
    client = Client()
    first = client.post("/staff/sign-in", {"login": "zhou", "password": password})
    assert first.status_code == 302 and first["Location"] == "/staff/first"
    assert client.get("/bank/").status_code == 302
    changed = client.post("/staff/first", {"old": password, "new": OWN, "again": OWN})
    assert changed["Location"] == "/staff/second-factor"
    assert client.get("/bank/").status_code == 302
    picture = client.post("/staff/second-factor/picture").content.decode()
    assert "<svg" in picture and "只显示这一回" in picture
    assert "<svg" not in client.get("/staff/second-factor").content.decode()
    wrong = client.post("/staff/second-factor", {"totp": "000000"})
    assert wrong.status_code == 422 and "动态码不对" in wrong.content.decode()
    right = client.post("/staff/second-factor", {"totp": totp("zhou")})
    assert right["Location"] == "/staff/sign-in"
    assert client.get("/staff/sign-in")["Location"] == "/bank/"
    assert client.get("/bank/").status_code == 200


def test_e3_afterwards_both_factors_are_asked_and_the_page_that_was_wanted_opens() -> None:
    county = world.build()
    enrolled(county, county.bank.officer)
    client = Client()
    door = client.get("/bank/roster/")["Location"]
    alone = client.post(door, {"login": "zhou", "password": OWN})
    assert alone.status_code == 401 and "登录名、密码或动态码不对" in alone.content.decode()
    assert OWN not in alone.content.decode() and 'value="zhou"' in alone.content.decode()
    both = client.post(door, {"login": "zhou", "password": OWN, "totp": totp("zhou")})
    assert both["Location"] == "/bank/roster/"
    cookie = client.cookies[SESSION_COOKIE]
    assert cookie["httponly"] and cookie["samesite"] == "Lax"


@pytest.mark.parametrize(
    "wanted", ["https://evil.example/bank/", "//evil.example", "/county/", "x"]
)
def test_no_other_place_than_ones_own_desk_opens(wanted: str) -> None:
    county = world.build()
    client = browser(county.bank.officer)
    assert client.get("/staff/sign-in", {"next": wanted})["Location"] == "/bank/"


@pytest.mark.parametrize(
    ("who", "desk"),
    [("deputy", "/township/"), ("supervisor", "/county/"), ("admin", "/county/")],
)
def test_each_duty_goes_to_its_desk(who: str, desk: str) -> None:
    county = world.build()
    assert browser(getattr(county, who)).get("/staff/sign-in")["Location"] == desk


def test_an_unknown_login_and_a_wrong_password_look_alike() -> None:
    county = world.build()
    enrolled(county, county.bank.officer)
    answers = [
        Client().post("/staff/sign-in", {"login": login, "password": "x", "totp": "000000"})
        for login in ("zhou", "nobody")
    ]
    assert {one.status_code for one in answers} == {401}
    pages = [re.sub(r'value="[^"]*"|X-CSRF[^}]*', "", one.content.decode()) for one in answers]
    assert pages[0] == pages[1]


def test_e3_too_many_tries_are_told_in_minutes() -> None:
    county = world.build()
    enrolled(county, county.bank.officer)
    for _ in range(5):
        Client().post("/staff/sign-in", {"login": "zhou", "password": "x"})
    answer = Client().post("/staff/sign-in", {"login": "zhou", "password": "x"})
    assert answer.status_code == 429
    assert re.search(r"请\d+分钟后再来", read(answer))


def test_empty_fields_are_told_beside_them() -> None:
    world.build()
    page = Client().post("/staff/sign-in", {}).content.decode()
    assert "请填登录名。" in page and "请填密码。" in page and "还有 2 处要改" in page


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"old": "x", "new": OWN, "again": OWN}, "原来的密码不对。"),
        ({"new": "短", "again": "短"}, "新密码至少 10 位"),
        ({"new": OWN, "again": "另一个"}, "两遍不一样"),
        ({"new": "", "again": ""}, "请填新密码。"),
    ],
)
def test_a_new_password_is_judged_beside_its_field(typed: dict[str, str], sentence: str) -> None:
    county = world.build()
    password = account(county, county.bank.officer)
    client = Client()
    client.post("/staff/sign-in", {"login": "zhou", "password": password})
    answer = client.post("/staff/first", {"old": password, **typed})
    page = answer.content.decode()
    assert answer.status_code == 422 and sentence in page
    assert password not in page


def test_signing_out_ends_the_session() -> None:
    county = world.build()
    client = browser(county.bank.officer)
    token = client.cookies[SESSION_COOKIE].value
    assert client.get("/staff/sign-out").status_code == 405
    assert client.post("/staff/sign-out")["Location"] == "/staff/sign-in"
    client.cookies[SESSION_COOKIE] = token
    assert client.get("/bank/").status_code == 302


def test_a_village_commissioner_signs_in_by_code_on_the_bound_phone() -> None:
    county = world.build()
    office = parties.create_organisation("东湾村委会", "village", by=world.SYSTEM)
    duty = DutyForm(str(Role.VILLAGE_COMMISSIONER), world.VILLAGE)
    card = parties.create_staff(office.ref, "刘一刚", "19912345678", duties=[duty], by=world.SYSTEM)
    assert card.duty
    access.create_account(card.ref, card.duty, "liu", by=county.admin)
    phone = Client()
    page = phone.post("/staff/village", {"phone": "19912345678"}).content.decode()
    assert "填验证码" in page and "绑定码" in page
    entered = {"phone": "19912345678", "code": code_on("19912345678")}
    unbound = phone.post("/staff/village/code", entered)
    assert unbound.status_code == 401 and "这台手机还没有绑定" in unbound.content.decode()
    assert "puhui_device" not in phone.cookies


def test_the_commissioners_device_is_bound_once_and_known_afterwards() -> None:
    county = world.build()
    office = parties.create_organisation("东湾村委会", "village", by=world.SYSTEM)
    duty = DutyForm(str(Role.VILLAGE_COMMISSIONER), world.VILLAGE)
    card = parties.create_staff(office.ref, "刘一刚", "19912345678", duties=[duty], by=world.SYSTEM)
    assert card.duty
    binding = access.create_account(card.ref, card.duty, "liu", by=county.admin)
    phone = Client()
    phone.post("/staff/village", {"phone": "19912345678"})
    entered = {
        "phone": "19912345678",
        "code": code_on("19912345678"),
        "binding_code": binding,
    }
    answer = phone.post("/staff/village/code", entered)
    assert answer.status_code == 302 and phone.cookies["puhui_device"]["httponly"]
    assert phone.cookies[SESSION_COOKIE].value


def test_the_phone_of_a_commissioner_is_judged_beside_its_field() -> None:
    world.build()
    answer = Client().post("/staff/village", {"phone": "123"})
    assert answer.status_code == 422 and "手机号是 11 位，您填了 3 位。" in answer.content.decode()


def test_dark_is_remembered_and_leads_back_only_to_our_own_pages() -> None:
    county = world.build()
    client = browser(county.bank.officer)
    answer = client.post("/staff/theme", {"theme": "dark", "next": "/bank/roster/"})
    assert answer["Location"] == "/bank/roster/"
    assert 'data-theme="dark"' in client.get("/bank/").content.decode()
    away = client.post("/staff/theme", {"theme": "light", "next": "https://evil.example/"})
    assert away["Location"] == "/"
    assert 'data-theme="dark"' not in client.get("/bank/").content.decode()


def test_the_door_hears_no_live_stream_and_carries_the_demo_mark() -> None:
    world.build()
    page = Client().get("/staff/sign-in").content.decode()
    assert "data-stream" not in page and "演示数据" in page
