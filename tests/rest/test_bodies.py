"""What comes in wrong gets a clear problem that names field and rule, changes nothing, and never 5xx."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse

from puhui.kernel.models import StoredResponse
from puhui.rest.schemas import examples
from tests import world
from tests.rest import stages
from tests.rest.partner import Partner, by_key, signed_in

DEMAND = "/my/demands"


def _form(**changes: Any) -> dict[str, Any]:
    return {**examples.DEMAND, **changes}


def _errors(answer: HttpResponse) -> dict[str, str]:
    assert answer.status_code == 422, answer.content.decode()
    assert answer["Content-Type"] == "application/problem+json"
    return {one["field"]: one["code"] for one in answer.json()["errors"]}


@pytest.fixture
def applicant(db: None) -> Partner:
    return signed_in(world.build().applicant)


@pytest.mark.parametrize("amount", [1.0, 100000.5, "100000", True, None, [], {}, 1e300])
def test_money_is_a_whole_number_of_fen_and_nothing_else(applicant: Partner, amount: Any) -> None:
    answer = applicant.post(DEMAND, _form(amount_fen=amount))
    if amount == 1e300:
        assert (answer.status_code, answer.json()["code"]) == (400, "malformed")
    else:
        assert _errors(answer) == {"amount_fen": "not_an_integer"}


@pytest.mark.parametrize("amount", [-1, 10**15, -(2**53)])
def test_money_out_of_range_is_named(applicant: Partner, amount: int) -> None:
    assert _errors(applicant.post(DEMAND, _form(amount_fen=amount))) == {
        "amount_fen": "out_of_range"
    }


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"colour": "red"}, "colour", "unknown_field"),
        ({"用途": "red"}, "…", "unknown_field"),
        ({"x" * 65: "red"}, "…", "unknown_field"),
        ({"x13912345678": "red"}, "…", "unknown_field"),
        ({"purpose": "gold"}, "purpose", "not_one_of"),
        ({"purpose": 3}, "purpose", "not_one_of"),
        ({"consent": "yes"}, "consent", "not_a_boolean"),
        ({"story": "长" * 1001}, "story", "too_long"),
        ({"securities": "none"}, "securities", "not_a_list"),
        ({"securities": ["none"] * 11}, "securities", "too_many"),
        ({"relative": {"name": "王"}}, "relative.relation", "missing"),
        ({"scale": 10**9}, "scale", "out_of_range"),
        ({"consent": False}, "consent", "consent_missing"),
        ({"amount_fen": 100}, "amount", "amount_too_small"),
    ],
)
def test_each_wrong_field_is_named_with_its_rule(
    applicant: Partner, change: dict[str, Any], field: str, code: str
) -> None:
    assert _errors(applicant.post(DEMAND, _form(**change)))[field] == code
    assert applicant.get(DEMAND).json() == {"items": [], "next": None}


BROKEN = [
    b"",
    b"{",
    b"null",
    b"[]",
    b'"x"',
    b"\xff\xfe",
    b'{"amount_fen": NaN}',
    b'{"amount_fen": 1, "amount_fen": 2}',
    json.dumps(_form(story="\x00")).encode(),
    json.dumps(_form(story="\ud800")).encode(),
    json.dumps(_form(relative={"name": "\x00"})).encode(),
    b'{"\\ud800": 1}',
    b'{"amount_fen": ' + b"9" * 5000 + b"}",
    b"[" * 60_000,
    b'{"a":' * 3000 + b"1" + b"}" * 3000,
]


@pytest.mark.parametrize("content", BROKEN)
def test_broken_json_is_refused_and_nothing_is_stored(applicant: Partner, content: bytes) -> None:
    answer = applicant.post(DEMAND, content)
    assert answer.status_code in (400, 422), answer.content.decode()
    assert answer["Content-Type"] == "application/problem+json"
    assert not StoredResponse.objects.exists()


def test_the_content_type_is_part_of_the_bargain(applicant: Partner) -> None:
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""):
        answer = applicant.client.generic(
            "POST",
            "/api/v1/my/demands",
            json.dumps(_form()),
            content_type=kind,
            headers={**applicant.headers, "Idempotency-Key": "k"},
        )
        assert (answer.status_code, answer.json()["code"]) == (415, "media_type_unsupported")


def test_a_body_of_64_kib_is_the_largest(applicant: Partner) -> None:
    answer = applicant.post(DEMAND, _form(story="x" * 70_000))
    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("limit=0", "limit"),
        ("limit=-1", "limit"),
        ("limit=99999999999999999999999", "limit"),
        ("limit=1.0", "limit"),
        ("limit=abc", "limit"),
        ("limit=%00", "query"),
        ("cursor=%00", "query"),
        ("cursor=abc", "cursor"),
        ("cursor=" + "x" * 201, "cursor"),
        ("cursor=%ff%fe", "cursor"),
        ("offset=3", "offset"),
        ("村=3", "…"),
        ("state=%00", "query"),
    ],
)
def test_queries_are_checked_once_for_all(db: None, query: str, field: str) -> None:
    system = by_key(world.build().bank.officer)
    assert field in _errors(system.get(f"/bank/engagements?{query}"))


@pytest.mark.parametrize("ref", ["%00", "a%00b", "..", "x" * 300, "%F0%9F%90%91", "1%27--", "1;2"])
def test_a_strange_reference_is_like_a_missing_one(db: None, ref: str) -> None:
    system = by_key(world.build().bank.officer)
    missing = system.get("/bank/engagements/999999")
    strange = system.get(f"/bank/engagements/{ref}")
    assert (strange.status_code, strange.content) == (404, missing.content)


def test_an_operation_without_fields_takes_none(db: None) -> None:
    county = world.build()
    path = f"/bank/engagements/{stages.claimed(county)}/calls"
    system = by_key(county.bank.officer)
    assert _errors(system.post(path, {"at": "2026-01-01"})) == {"at": "unknown_field"}
    assert system.post(path, {}).status_code == 201


def test_a_body_in_chunks_is_refused_rather_than_taken_for_empty(db: None) -> None:
    county = world.build()
    ref = world.publish(county).ref
    system = by_key(county.bank.officer)
    chunked = {"Transfer-Encoding": "chunked"}
    answer = system.post(f"/bank/demands/{ref}/claim", **chunked)
    assert (answer.status_code, answer.json()["code"]) == (411, "length_required")


def test_chinese_goes_out_as_itself(applicant: Partner) -> None:
    sent = applicant.post(DEMAND, _form())
    shown = applicant.get(f"{DEMAND}/{sent.json()['ref']}")
    assert "羊羔".encode() in shown.content and b"\\u" not in shown.content
    assert shown["Content-Type"] == "application/json; charset=utf-8"
    assert shown.json()["published_at"].endswith("+08:00")
    missing = applicant.get(f"{DEMAND}/1")
    assert "没有找到".encode() in missing.content


def test_pages_follow_each_other_without_gap_or_repeat(db: None) -> None:
    county = world.build()
    sent = [world.publish(county).ref for _ in range(7)]
    system = by_key(county.bank.officer)
    found: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = system.get(f"/bank/demands?limit=3&cursor={cursor}").json()
        found += [one["ref"] for one in page["items"]]
        cursor = page["next"]
    assert found == sent[::-1]


def test_a_page_goes_on_though_its_last_card_is_gone(db: None) -> None:
    county = world.build()
    sent = [world.publish(county).ref for _ in range(4)]
    system = by_key(county.bank.officer)
    first = system.get("/bank/demands?limit=2").json()
    assert system.post(f"/bank/demands/{sent[2]}/claim", {}).status_code == 201
    following = system.get(f"/bank/demands?limit=2&cursor={first['next']}").json()
    assert [one["ref"] for one in following["items"]] == sent[:2][::-1]


def test_a_cursor_of_another_list_or_made_by_hand_is_refused(db: None) -> None:
    county = world.build()
    for _ in range(2):
        world.publish(county)
    system = by_key(county.bank.officer)
    cursor = system.get("/bank/demands?limit=1").json()["next"]
    for wrong in (f"/bank/engagements?cursor={cursor}", "/bank/demands?cursor=MTEyNDAx"):
        assert _errors(system.get(wrong)) == {"cursor": "cursor_unknown"}


@pytest.mark.django_db(transaction=True)
def test_a_database_that_does_not_answer_is_503_and_the_same_key_may_try_again() -> None:
    county = world.build()
    system, ref = by_key(county.bank.officer), world.publish(county).ref
    rival = connection.copy()
    try:
        with rival.cursor() as locking, connection.cursor() as ours:
            locking.execute("BEGIN; LOCK TABLE market_financingdemand IN ACCESS EXCLUSIVE MODE")
            ours.execute("SET statement_timeout = '200ms'")
            waiting = system.post(f"/bank/demands/{ref}/claim", {}, key="kept")
            ours.execute("RESET statement_timeout")
            locking.execute("ROLLBACK")
    finally:
        rival.close()
    assert (waiting.status_code, waiting.json()["code"]) == (503, "unavailable")
    assert waiting["Retry-After"]
    assert system.post(f"/bank/demands/{ref}/claim", {}, key="kept").status_code == 201
