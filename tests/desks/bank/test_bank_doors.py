"""Who may open a page of the bank desk; another bank's case and a missing one look alike."""

import re

import pytest
from django.test import Client

from puhui.access import actions as access
from puhui.desks.bank.urls import CASE, urlpatterns
from puhui.desks.shared.gate import SESSION_COOKIE
from tests import world
from tests.desks.bank.cases import walk
from tests.desks.watched import browser

pytestmark = pytest.mark.django_db

OF_A_CASE = sorted(str(one.pattern) for one in urlpatterns if str(one.pattern).startswith(CASE))
OF_A_DESK = sorted(str(one.pattern) for one in urlpatterns if "<" not in str(one.pattern))


def body(answer: object) -> str:
    """A page without what differs from one request to the next."""
    html = answer.content.decode()  # type: ignore[attr-defined]
    return re.sub(r'value="[^"]*"|nonce="[^"]*"|X-CSRFToken[^}]*', "", html)


def address_of(pattern: str, ref: str) -> str:
    named = pattern.replace("<str:ref>", ref)
    return "/bank/" + re.sub(r"<uuid:\w+>", "01970000-0000-7000-8000-000000000001", named)


@pytest.mark.parametrize("pattern", OF_A_CASE)
def test_another_banks_case_and_a_missing_one_are_the_same_404(pattern: str) -> None:
    county = world.build()
    case = walk(county, "claimed")
    stranger = browser(county.banks[1].officer)
    answers, pages = [], []
    for ref in (case.engagement, "999999"):
        address = address_of(pattern, ref)
        both = [stranger.get(address), stranger.post(address)]
        answers += both
        pages.append([body(one).replace(ref, "") for one in both])
    assert {one.status_code for one in answers} <= {404, 405}
    assert 404 in {one.status_code for one in answers}
    assert pages[0] == pages[1]


def test_another_banks_demand_cannot_be_claimed_when_directed() -> None:
    county = world.build()
    sent = world.publish(county, directed_bank=county.banks[1].ref)
    assert browser(county.bank.officer).post(f"/bank/demands/{sent.ref}/claim").status_code == 404


@pytest.mark.parametrize("pattern", [*OF_A_DESK, *OF_A_CASE])
def test_whoever_is_not_signed_in_is_sent_to_the_staff_door(pattern: str) -> None:
    world.build()
    address = address_of(pattern, "1")
    answers = [Client().get(address), Client().post(address)]
    told = [one for one in answers if one.status_code != 405]
    assert told
    for one in told:
        assert one.status_code == 302 and one["Location"].startswith("/staff/sign-in?next=%2Fbank")


def test_a_part_of_a_page_sends_the_whole_page_to_the_door() -> None:
    world.build()
    answer = Client().get("/bank/lists", headers={"HX-Request": "true"})
    assert answer.status_code == 204 and answer["HX-Redirect"].startswith("/staff/sign-in")


def test_for_residents_and_other_staff_the_desk_does_not_exist() -> None:
    county = world.build()
    resident = Client()
    opened = access.open_persona_session("resident", county.applicant.ref, by=world.SYSTEM)
    resident.cookies[SESSION_COOKIE] = opened.token
    for client in (resident, browser(county.deputy), browser(county.supervisor)):
        assert client.get("/bank/").status_code == 404


def test_only_the_head_sets_the_roster() -> None:
    county = world.build()
    officer, head = browser(county.bank.officer), browser(county.bank.head)
    assert 'type="checkbox"' not in officer.get("/bank/roster/").content.decode()
    assert 'type="checkbox"' in head.get("/bank/roster/").content.decode()
    assert officer.post("/bank/roster/").status_code == 404
    assert head.post("/bank/roster/?from=2026-12-07").status_code == 302
