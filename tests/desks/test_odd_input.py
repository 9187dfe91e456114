"""What no column can hold is no page, on whichever desk, signed in or not."""

import pytest
from django.test import Client

from tests import world
from tests.desks import watched

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", ["/ask/villages?township=a%00b", "/products/a%00b/"])
def test_o1_an_address_with_nul_is_no_page(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    ("path", "field"),
    [("/staff/sign-in", "login"), ("/sign-in", "phone"), ("/ask/1", "amount")],
)
def test_o1_a_form_with_nul_is_refused(client: Client, path: str, field: str) -> None:
    assert client.post(path, {field: "a\x00b"}).status_code == 404


FAR = {
    "supervisor": (
        "/county/banks/?since={0}&until={1}",
        "/county/survey/?since={0}&until={1}",
        "/county/supervision/?since={0}&until={1}",
        "/county/outreach/?since={0}&until={1}",
        "/county/cases/?since={0}&until={1}",
        "/county/people/rosters/?from={0}",
        "/county/people/rosters/?from={1}",
    ),
    "head": (
        "/bank/engagements/?since={0}&until={1}",
        "/bank/roster/?from={0}",
        "/bank/roster/?from={1}",
        "/bank/returns/?month={1}",
        "/bank/returns/template.xlsx?month={1}",
    ),
    "deputy": (
        "/township/outreach/?since={0}&until={1}",
        "/township/cases/?since={0}&until={1}",
    ),
}
"""Addresses with a day in them; the first and the last day that there are have none beside them."""


def test_a_day_at_the_end_of_time_gives_a_page_all_the_same() -> None:
    county = world.build(banks=1)
    people = {"supervisor": county.supervisor, "head": county.bank.head, "deputy": county.deputy}
    for who, addresses in FAR.items():
        client = watched.browser(people[who])
        for address in addresses:
            answer = client.get(address.format("0001-01-01", "9999-12-31"))
            assert answer.status_code == 200, address
