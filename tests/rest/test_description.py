"""O1: the description is whole, and the program behaves as described, whatever is sent to it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel
from pytest_django.live_server_helper import LiveServer
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.transport import Response
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from puhui.kernel.actor import ANYONE, Role
from puhui.rest.api import api
from puhui.rest.frame.description import document
from puhui.rest.frame.doors import OPERATIONS
from puhui.rest.frame.fields import In, Out
from tests import world
from tests.rest import stages
from tests.rest.partner import Partner, by_key, signed_in

CASES = int(os.environ.get("PUHUI_SCHEMA_CASES", "6"))
"""Cases of each kind for each operation; the figure O1 is taken with 75 of each."""
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
CONTRACT = [
    "list_products",
    "get_product",
    "request_sign_in_code",
    "sign_in",
    "publish_demand",
    "list_my_demands",
    "get_my_demand",
    "withdraw_demand",
    "keep_plan",
    "accept_offer",
    "confirm_report",
    "rate_service",
    "list_open_demands",
    "claim_demand",
    "list_engagements",
    "get_engagement",
    "start_call",
    "record_callback",
    "release_engagement",
    "submit_plan",
    "start_investigation",
    "report_investigation",
    "submit_offer",
    "refuse_engagement",
    "record_signing",
    "record_disbursement",
    "put_product",
    "withdraw_product",
    "register_webhook",
    "get_webhook_key",
    "list_supervised_demands",
    "list_overdue_engagements",
    "reassign_demand",
    "get_indicators",
    "create_organisation",
    "create_staff",
    "create_api_key",
    "import_divisions",
    "import_residents",
    "import_history",
    "load_calendar",
    "set_clock_rules",
]
WHOLE = json.loads(document(ANYONE, api))


def _described() -> dict[str, dict[str, Any]]:
    return {
        one["operationId"]: one for methods in WHOLE["paths"].values() for one in methods.values()
    }


@pytest.mark.django_db
def test_the_document_is_served_to_anybody() -> None:
    answer = Client().get("/api/openapi.json")
    assert answer.status_code == 200 and answer.json() == WHOLE
    assert Client().post("/api/openapi.json").status_code == 405


def test_every_operation_of_the_contract_is_there() -> None:
    assert set(CONTRACT) <= set(_described()) == set(OPERATIONS)


def test_o1_no_two_schemas_share_a_name() -> None:
    """Components are found by name: of two with the same one the description would show the other."""
    kinds = [*_models(In), *_models(Out)]
    names = [one.__name__ for one in kinds if "[" not in one.__name__]
    assert sorted({name for name in names if names.count(name) > 1}) == []


def _models(base: type[BaseModel]) -> Iterator[type[BaseModel]]:
    for one in base.__subclasses__():
        yield one
        yield from _models(one)


def test_every_operation_is_described_whole() -> None:
    for name, one in _described().items():
        operation = OPERATIONS[name]
        assert one["summary"] and one["security"] is not None
        assert {"4", "5", "2"} <= {status[0] for status in one["responses"]}, name
        for status, told in one["responses"].items():
            kind = "application/problem+json" if status >= "400" else "application/json"
            assert list(told["content"]) == [kind], (name, status)
        once = [p for p in one["parameters"] if p["name"] == "Idempotency-Key"]
        assert [p["required"] for p in once] == (
            [] if operation.method == "GET" or operation.tag == "sms" else [operation.is_keyed]
        ), name
        if operation.has_body and not operation.is_upload:
            assert one["requestBody"]["content"]["application/json"]["examples"], name
    assert set(WHOLE["components"]["securitySchemes"]) == {"bearer", "apiKey", "officer"}


SCHEMA = schemathesis.openapi.from_dict(WHOLE)
FOUND: dict[str, APIOperation[Any, Any, Any, Any]] = {
    one.ok().definition.raw["operationId"]: one.ok() for one in SCHEMA.get_all_operations()
}


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", sorted(OPERATIONS))
def test_o1_whatever_is_sent_is_answered_as_described(name: str, live_server: LiveServer) -> None:
    county = world.build()
    partners = {
        "bank": by_key(county.bank.officer),
        "resident": signed_in(county.applicant),
        "watch": signed_in(county.supervisor),
        "admin": signed_in(county.admin),
    }
    refs = _refs(name, county)
    if Role.LOAN_OFFICER not in OPERATIONS[name].policies[0].roles:
        partners["bank"] = by_key(county.bank.head)
    partner = partners.get(OPERATIONS[name].tag, Partner())
    for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
        _try(live_server.url, FOUND[name], partner, refs, mode)


REFS = {
    "/objection/": stages.objected,
    "/products/": stages.product,
    "/enquiries/": stages.enquired,
    "/supervisions/": stages.supervised,
    "/orders/": stages.ordered,
    "/directory/": stages.entry,
    "/branches/": stages.branch,
    "/photos/": stages.photographed,
    "/engagements/{ref}/photos": stages.visiting,
    "/enterprises/": stages.enterprise,
    "/successions/": stages.succession,
}


def _refs(name: str, county: world.World) -> list[str]:
    """A real reference where the path names one, so that not every case ends as 404."""
    if name in ("claim_demand", "set_demand_aside", "put_demand_back"):
        return [world.publish(county).ref]
    if name in ("get_my_demand", "withdraw_demand", "confirm_report"):
        return [world.publish(county, county.applicant).ref]
    for part, made in REFS.items():
        if part in OPERATIONS[name].path:
            return [made(county)]
    return [stages.claimed(county)]


def _try(
    origin: str,
    operation: APIOperation[Any, Any, Any, Any],
    partner: Partner,
    refs: list[str],
    mode: GenerationMode,
) -> None:
    @given(st.data())
    @settings(
        max_examples=CASES,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def one_case(data: st.DataObject) -> None:
        case = data.draw(operation.as_strategy(generation_mode=mode))
        if case.path_parameters and data.draw(st.booleans()):
            case.path_parameters["ref"] = refs[0]
        case.headers = {**(case.headers or {}), **partner.headers}
        answer: Response = case.call(base_url=origin)
        case.validate_response(answer, checks=CHECKS)

    one_case()
