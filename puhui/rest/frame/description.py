"""The OpenAPI document: what ninja knows of each operation, and what the frame adds to it."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from django.conf import settings
from ninja import NinjaAPI
from ninja.openapi import get_schema
from pydantic import Field
from pydantic_core import to_json

from puhui.kernel.actor import Actor, Role, query
from puhui.kernel.command import KEY_MISSING, KEY_REUSED, NOT_FOUND, Reason, Refused
from puhui.rest.frame.credentials import (
    KEY_MALFORMED,
    MUST_ENROL,
    ONCE_HEADER,
    SCHEMES,
    SESSION_UNKNOWN,
    TWO_CREDENTIALS,
    Door,
)
from puhui.rest.frame.doors import OPERATIONS, Operation
from puhui.rest.frame.fields import Out
from puhui.rest.frame.problems import (
    CREDENTIALS,
    FORBIDDEN,
    LENGTH,
    MALFORMED,
    MEDIA_TYPE,
    PROBLEM,
    TOO_LARGE,
    UNAVAILABLE,
    problem,
)

INVALID = Reason("invalid", "还有 1 处要改。", 422)
WORDS = """
普惠的伙伴接口。金额一律是整数分（`*_fen`），利率是百万分之一（`*_ppm`），时刻是带时区的 RFC 3339，
编号都是公开编号。每次改动都要带 `Idempotency-Key`：同一个键、同样的内容，回答逐字节相同，24 小时内有效。
出错时回答是 RFC 9457 的问题详情，`code` 固定不变。别人的和没有的，看起来一样（404）。
"""


class FieldProblem(Out):
    """One field and the rule that it breaks."""

    field: str
    code: str
    detail: str


class Problem(Out):
    """Why a call was refused. `code` is stable; `detail` is a sentence for people."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    errors: list[FieldProblem] = Field(default_factory=list)


@query(Role.ANYONE)
def document(actor: Actor, api: NinjaAPI) -> bytes:
    """The whole description; made once a process."""
    return _document(api)


@functools.cache
def _document(api: NinjaAPI) -> bytes:
    whole = dict(get_schema(api, path_prefix="api/v1"))
    whole["info"]["description"] = WORDS.strip()
    whole["info"]["license"] = {"name": "Apache-2.0", "identifier": "Apache-2.0"}
    whole["servers"] = [{"url": settings.PUHUI_PAGE_ORIGINS[0]}]
    whole["components"]["securitySchemes"] = SCHEMES
    whole["components"]["schemas"] |= _problem_schemas()
    for described in _operations(whole["paths"]):
        _complete(described, OPERATIONS[described["operationId"]])
    return to_json(whole)


def _problem_schemas() -> dict[str, Any]:
    schema = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    return {**schema.pop("$defs"), "Problem": schema}


def _operations(paths: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for methods in paths.values():
        yield from methods.values()


def _complete(described: dict[str, Any], operation: Operation) -> None:
    described["security"] = operation.door.security
    if operation.method != "GET" and operation.door is not Door.SIGNED:
        described["parameters"].append(_once_header(operation))
    for one in described["parameters"]:
        one["schema"] = _without_null(one["schema"])
        if one["in"] == "path":
            one["schema"] |= {"pattern": "^[A-Za-z0-9-]{1,40}$"}
    if operation.door is Door.SIGNED:
        described["parameters"].extend(_signature_headers())
        described["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": _REPLY}},
        }
    for content in described.get("requestBody", {}).get("content", {}).values():
        if operation.example is not None:
            content["examples"] = {"example": {"value": operation.example}}
    for status, reasons in _refusals(operation).items():
        described["responses"][str(status)] = _refusal(reasons)


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    """A query cannot say null; a parameter that may be absent is simply absent."""
    kinds = [one for one in schema.get("anyOf", []) if one != {"type": "null"}]
    return kinds[0] if len(kinds) == 1 else schema


_REPLY = {
    "type": "object",
    "required": ["id", "from", "text"],
    "properties": {
        name: {"type": "string", "maxLength": 500} for name in ("id", "from", "text", "in_reply_to")
    },
}


def _once_header(operation: Operation) -> dict[str, Any]:
    return {
        "in": "header",
        "name": ONCE_HEADER,
        "required": operation.is_keyed,
        "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
        "example": "3f0c2a52-6f0e-4b54-9c56-3a1b7f0d9e11",
        "description": "同一个键和同样的内容，只办一次，回答相同。"
        if operation.is_keyed
        else "登录不存回答，这个键可带可不带。",
    }


def _signature_headers() -> list[dict[str, Any]]:
    names = ("webhook-id", "webhook-timestamp", "webhook-signature")
    return [
        {"in": "header", "name": name, "required": True, "schema": {"type": "string"}}
        for name in names
    ]


def _refusals(operation: Operation) -> dict[int, list[Reason]]:
    """Every status an operation may refuse with, and the codes under it."""
    reasons: list[Reason] = [MALFORMED, INVALID, UNAVAILABLE, *operation.refuses]
    if operation.method != "GET":
        reasons += [LENGTH, TOO_LARGE]
    if operation.has_body:
        reasons += [Reason(MEDIA_TYPE.code, "请求的内容类型要是 application/json。", 415)]
    if operation.door in (Door.PERSON, Door.BANK):
        reasons += [CREDENTIALS, SESSION_UNKNOWN, TWO_CREDENTIALS, FORBIDDEN, MUST_ENROL]
    if operation.is_keyed:
        reasons += [KEY_MISSING, KEY_MALFORMED, KEY_REUSED]
    if "{" in operation.path:
        reasons += [NOT_FOUND]
    if operation.name == "sign_in":
        reasons += [CREDENTIALS, MUST_ENROL, NOT_FOUND]
    by_status: dict[int, list[Reason]] = {}
    for one in reasons:
        known = by_status.setdefault(one.status, [])
        if one.code not in {other.code for other in known}:
            known.append(one)
    return by_status


def _refusal(reasons: list[Reason]) -> dict[str, Any]:
    codes = "、".join(f"`{one.code}`" for one in reasons)
    examples = {one.code: {"value": _problem_of(one)} for one in reasons}
    return {
        "description": f"问题详情；code 是 {codes}",
        "content": {
            PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}, "examples": examples}
        },
    }


def _problem_of(reason: Reason) -> Any:
    blank = replace(reason, sentence=re.sub(r"\{\w+\}", "…", reason.sentence))
    return json.loads(problem(Refused(blank)).body)
