"""Refusals as problem details (RFC 9457), with a stable code and every field that breaks a rule."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from ninja.errors import HttpError, ValidationError
from pydantic_core import to_json

from puhui.kernel.actor import NotAllowed
from puhui.kernel.command import FieldError, Invalid, Reason, Refused, Reply

log = logging.getLogger(__name__)

JSON = "application/json; charset=utf-8"
PROBLEM = "application/problem+json"

TITLES = {
    400: "请求不合格式",
    401: "请先登录",
    403: "无权办理",
    404: "没有找到",
    405: "没有这种办法",
    409: "现在不能办",
    411: "没说内容多长",
    413: "内容太大",
    415: "内容类型不对",
    422: "填的内容不对",
    429: "请求太多",
    500: "程序出错",
    503: "暂时停用",
}

CREDENTIALS = Reason("credentials_missing", "请带上登录令牌，或单位密钥和 X-Officer。", 401)
FORBIDDEN = Reason("not_allowed", "您的职责不能办这件事。", 403)
METHOD = Reason("method_not_allowed", "这个地址不接受这种请求方法。", 405)
MALFORMED = Reason("malformed", "请求的内容不是合格的 JSON。", 400)
MULTIPART = Reason("malformed", "请求的内容不是合格的表单。", 400)
LENGTH = Reason("length_required", "请带 Content-Length，不要分块发送。", 411)
TOO_LARGE = Reason("body_too_large", "请求的内容太大。", 413)
MEDIA_TYPE = Reason("media_type_unsupported", "请求的内容类型要是 {wanted}。", 415)
UNAVAILABLE = Reason("unavailable", "数据库暂时连不上，请稍后用同一个 Idempotency-Key 重试。", 503)
BROKEN = Reason("internal_error", "程序出错了，已经记录。", 500)

RULES: dict[str, tuple[str, str]] = {
    "missing": ("missing", "这一项必须有。"),
    "extra_forbidden": ("unknown_field", "没有这个字段。"),
    "string_type": ("not_a_text", "要是一段文字。"),
    "string_too_long": ("too_long", "太长了。"),
    "string_too_short": ("too_short", "太短了。"),
    "string_pattern_mismatch": ("malformed", "写法不对。"),
    "literal_error": ("not_one_of", "请从给出的里面选。"),
    "bool_type": ("not_a_boolean", "只能是 true 或 false。"),
    "bool_parsing": ("not_a_boolean", "只能是 true 或 false。"),
    "list_type": ("not_a_list", "要是一个列表。"),
    "tuple_type": ("not_a_list", "要是一个列表。"),
    "too_long": ("too_many", "太多了。"),
    "too_short": ("too_few", "太少了。"),
    "model_type": ("not_an_object", "要是一个对象。"),
    "model_attributes_type": ("not_an_object", "要是一个对象。"),
    "dict_type": ("not_an_object", "要是一个对象。"),
    "not_an_instant": ("not_an_instant", "时刻要写成 2026-11-25T10:00:00+08:00 这样，带时区。"),
    "not_a_date": ("not_a_date", "日期要写成 2026-11-25 这样。"),
    "not_a_file": ("not_a_file", "要上传一个文件。"),
}
"""Kinds of mistakes in the shape of what was sent: stable code and sentence."""
INTEGER = ("not_an_integer", "要是整数，不能是小数、文字或真假。")
RANGE = ("out_of_range", "超出了允许的范围。")
SOURCES = frozenset({"body", "query", "path", "form", "file", "header"})
LONGEST_NAME = 64
FIELD_NAME = re.compile(r"[A-Za-z_](?:(?!\d{5})[\w.\[\]-])*", re.ASCII)


def problem(refused: Refused) -> Reply:
    """A refusal as it goes out: status and exact bytes. Nothing of the request is repeated."""
    status = refused.reason.status
    told: dict[str, Any] = {
        "type": f"urn:puhui:problem:{refused.reason.code}",
        "title": TITLES.get(status, TITLES[409]),
        "status": status,
        "code": refused.reason.code,
        "detail": refused.sentence,
        "errors": [
            {"field": one.field, "code": one.code, "detail": one.sentence} for one in refused.errors
        ],
    }
    return Reply(status, to_json(told))


def respond(reply: Reply, headers: Mapping[str, str] | None = None) -> HttpResponse:
    """An answer's bytes as a response."""
    kind = JSON if reply.status < 400 else PROBLEM
    response = HttpResponse(reply.body, status=reply.status, content_type=kind)
    if reply.status == 401:
        response["WWW-Authenticate"] = 'Bearer realm="puhui"'
    if reply.status == 503:
        response["Retry-After"] = "2"
    for name, value in (headers or {}).items():
        response[name] = value
    return response


def refuse(reason: Reason, **facts: object) -> HttpResponse:
    return respond(problem(Refused(reason, **facts)))


def shape_errors(found: Sequence[Mapping[str, Any]]) -> Invalid:
    """What pydantic found, as field errors with our codes; never with the values sent."""
    errors: dict[tuple[str, str], FieldError] = {}
    for one in found:
        code, sentence = _rule(str(one["type"]))
        field = _field([str(part) for part in one["loc"]])
        errors.setdefault((field, code), FieldError(field, code, sentence))
    return Invalid(list(errors.values()))


def _rule(kind: str) -> tuple[str, str]:
    if kind in RULES:
        return RULES[kind]
    if kind.startswith("int_"):
        return INTEGER
    if kind.startswith(("greater_than", "less_than")):
        return RANGE
    return "invalid", "这一项不对。"


def _field(path: list[str]) -> str:
    """`amount_fen`, `fees.0.name`: without source and parameter."""
    if path and path[0] in SOURCES:
        path = path[2:] if path[0] == "body" else path[1:]
    return ".".join(shown_name(part) for part in path) or "body"


def unknown_field(name: str) -> FieldError:
    code, sentence = RULES["extra_forbidden"]
    return FieldError(shown_name(name), code, sentence)


def shown_name(name: str) -> str:
    """A field's name as the caller wrote it, if it looks like one: it might be somebody's data."""
    return name if len(name) <= LONGEST_NAME and FIELD_NAME.fullmatch(name) else "…"


def answer_error(request: HttpRequest, error: Exception | type[Exception]) -> HttpResponse:
    """Whatever an operation raised, as a problem. What nobody expected is logged, and is a 500."""
    assert isinstance(error, Exception)
    found = _known(error)
    if found is None:
        log.error("an operation failed", exc_info=error)
        found = Refused(BROKEN)
    return respond(problem(found))


def _known(error: Exception) -> Refused | None:
    if isinstance(error, Refused):
        return error
    if isinstance(error, NotAllowed):
        return Refused(FORBIDDEN if error.signed_in else CREDENTIALS)
    if isinstance(error, ValidationError):
        return shape_errors(error.errors)
    if isinstance(error, HttpError):
        return error.__cause__ if isinstance(error.__cause__, Refused) else Refused(MALFORMED)
    if isinstance(error, RequestDataTooBig):
        return Refused(TOO_LARGE)
    if isinstance(error, MultiPartParserError | SuspiciousOperation):
        return Refused(MULTIPART)
    if isinstance(error, OperationalError | InterfaceError):
        log.warning("the database did not answer", exc_info=error)
        return Refused(UNAVAILABLE)
    return None
