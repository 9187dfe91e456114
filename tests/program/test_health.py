"""The two probes."""

import pytest
from django.test import Client


def test_healthz_answers_without_database(client: Client) -> None:
    assert client.get("/healthz").status_code == 200


@pytest.mark.django_db
def test_readyz_answers_with_database(client: Client) -> None:
    assert client.get("/readyz").content == b"ready\n"
