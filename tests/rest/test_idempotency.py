"""D1: each mutation of a bank happens once under one key, over real sockets and all at once."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests
from pytest_django.live_server_helper import LiveServer

from puhui.kernel.journal_models import UnsealedEntry
from puhui.kernel.models import StoredResponse
from puhui.rest.frame.doors import OPERATIONS
from tests import world
from tests.rest.partner import by_key
from tests.rest.stages import BANK_STEPS, Step

AT_ONCE = 50


def _call(origin: str, step: Step, headers: dict[str, str], body: Any) -> requests.Response:
    where = f"{origin}/api/v1{step.path}"
    if step.file:
        files = {"file": step.file}
        return requests.request(
            step.method, where, data=body, files=files, headers=headers, timeout=60
        )
    content = b"" if body is None else json.dumps(body).encode()
    sent = {"Content-Type": "application/json", **headers}
    return requests.request(step.method, where, data=content, headers=sent, timeout=60)


def _count(action: str) -> int:
    """Journal rows of the action; of one that leaves none, nothing can be counted."""
    if not action:
        return 0
    rows = UnsealedEntry.objects.values_list("body", flat=True)
    return sum(json.loads(row)["action"] == action for row in rows)


def test_d1_every_mutation_of_a_bank_is_measured() -> None:
    ours = [one for one in OPERATIONS.values() if one.tag == "bank" and one.method != "GET"]
    assert {one.name for one in ours} == set(BANK_STEPS)
    assert all(one.is_keyed for one in ours)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", BANK_STEPS)
def test_d1_fifty_at_once_have_one_effect_and_one_answer(
    name: str, live_server: LiveServer
) -> None:
    county = world.build()
    step = BANK_STEPS[name](county)
    who = county.bank.head if step.by_head else county.bank.officer
    headers = {**by_key(who).headers, "Idempotency-Key": "the-one"}
    before, once = _count(step.action), 1 if step.action else 0
    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(
            pool.map(lambda _: _call(live_server.url, step, headers, step.body), range(AT_ONCE))
        )
    assert {one.status_code for one in answers} == {step.status}, answers[0].text
    assert len({one.content for one in answers}) == 1
    assert _count(step.action) == before + once
    assert StoredResponse.objects.count() == 1
    again = _call(live_server.url, step, headers, step.body)
    assert (again.status_code, again.content) == (step.status, answers[0].content)
    other = _call(live_server.url, step, headers, step.other)
    assert other.status_code == 422
    del headers["Idempotency-Key"]
    without = _call(live_server.url, step, headers, step.body)
    assert (without.status_code, without.json()["code"]) == (400, "idempotency_key_missing")
    assert _count(step.action) == before + once
