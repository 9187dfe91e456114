"""What no column can hold is no page, on whichever desk, signed in or not."""

import pytest
from django.test import Client

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
