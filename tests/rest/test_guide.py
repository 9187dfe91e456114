"""docs/api.md tells the truth: its examples are run against a live server."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import requests
from django.test import Client
from pytest_django.live_server_helper import LiveServer

from puhui.kernel.command import database_now
from puhui.kernel.crypto import webhook_headers, webhook_public_key
from puhui.market import queries
from puhui.notices.terms import Event
from puhui.rest.frame.problems import TITLES
from tests import world
from tests.rest.partner import by_key

WORDS = {
    "contact_refused",
    "idempotency_key_reused",
    "plan_changed",
    "plan_submitted_at",
    "public_key",
    "signature_refused",
    "submitted_at",
    "wrong_state",
}
"""What the guide names in the same letters and is no operation."""
GUIDE = (Path(__file__).parents[2] / "docs" / "api.md").read_text(encoding="utf-8")


def _blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", GUIDE, re.DOTALL)


def _environment(county: world.World, origin: str) -> dict[str, str]:
    partner = by_key(county.bank.officer)
    return {
        "PUHUI_URL": origin,
        "PUHUI_KEY": partner.headers["X-API-Key"],
        "PUHUI_OFFICER": partner.headers["X-Officer"],
    }


@pytest.mark.django_db(transaction=True)
def test_the_worked_example_claims_and_calls(live_server: LiveServer) -> None:
    county = world.build()
    sent = world.publish(county, county.applicant)
    done = subprocess.run(
        [sys.executable, "-c", "".join(_blocks("python")[:2])],
        env={**os.environ, **_environment(county, live_server.url)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split("\n")[1:3] == ["called_back", "called_back"]
    assert sent.contact_code in done.stdout
    (case,) = queries.bank_engagements(county.bank.officer)
    assert (case.state, case.calls[0].is_on_time) == ("called_back", True)
    assert case.pauses[0].ended_at is not None


@pytest.mark.django_db(transaction=True)
def test_each_curl_line_gets_an_answer(live_server: LiveServer) -> None:
    county = world.build()
    world.publish(county, county.applicant)
    known = _environment(county, live_server.url)
    lines = [line for block in _blocks("sh") for line in block.splitlines() if line]
    assert len(lines) == 5
    for line in lines:
        filled = re.sub(r"\$(\w+)", lambda name: known[name[1]], line)
        words = shlex.split(filled, comments=True)
        assert words[0] == "curl"
        headers = dict(
            words[at + 1].split(": ", 1) for at, word in enumerate(words) if word == "-H"
        )
        answer = requests.get(words[-1], headers=headers, timeout=30)
        assert answer.status_code == 200, line


@pytest.mark.django_db
def test_the_example_tells_a_genuine_webhook_from_any_other() -> None:
    room: dict[str, Any] = {}
    exec(_blocks("python")[2], room)
    body, now = b'{"type":"demand.published"}', int(database_now().timestamp())
    signed = webhook_headers("msg_1", now, body)
    key, judge = webhook_public_key(), room["is_genuine"]
    assert judge(key, signed, body, now)
    assert not judge(key, signed, body + b" ", now)
    assert not judge(key, {**signed, "webhook-id": "msg_2"}, body, now)
    assert not judge(key, signed, body, now + 301)
    assert not judge(key, signed, body, now - 301)
    shared = "whsec_" + "AAAA" * 8
    assert not judge(key, webhook_headers("msg_1", now, body, shared), body, now)


def test_o1_the_guide_names_every_operation_of_a_bank_and_none_that_is_not_there() -> None:
    paths = Client().get("/api/openapi.json").json()["paths"].values()
    found = {one["operationId"]: one["tags"] for path in paths for one in path.values()}
    of_banks = {name for name, tags in found.items() if tags == ["bank"]}
    told = set(re.findall(r"`([a-z]+(?:_[a-z]+)+)`", GUIDE))
    in_the_example = {"start_call", "list_open_demands", "claim_demand", "record_callback"}
    assert of_banks - in_the_example <= told
    assert told - WORDS <= set(found)


def test_the_guide_names_every_event_and_status() -> None:
    assert all(f"`{event}`" in GUIDE for event in Event)
    told = set(map(int, re.findall(r"\b[45]\d\d\b", GUIDE)))
    assert set(TITLES) - {405, 500} <= told
