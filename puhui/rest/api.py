"""The partner API as one whole: its routers, its errors, its addresses."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.urls import URLPattern
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from puhui.kernel.actor import ANYONE, Actor, Role, query
from puhui.kernel.command import NOT_FOUND, Refused, Reply
from puhui.rest import admin_v1, auth_v1, bank_v1, public_v1, resident_v1, sms_v1, watch_v1
from puhui.rest.frame import bodies, description
from puhui.rest.frame.doors import OPERATIONS
from puhui.rest.frame.problems import METHOD, answer_error, problem, refuse, respond

PREFIX = "v1"
View = Callable[..., HttpResponse]
ROUTERS = {
    "": public_v1.public,
    "/auth": auth_v1.auth,
    "/my": resident_v1.resident,
    "/bank": bank_v1.bank,
    "/watch": watch_v1.watch,
    "/admin": admin_v1.admin,
    "/sms": sms_v1.sms,
}

api = NinjaAPI(
    title="普惠 · 伙伴接口",
    version="1",
    urls_namespace="rest",
    openapi_url=None,
    docs_url=None,
    parser=bodies.CarefulParser(),
)
for error in (
    Exception,
    Refused,
    HttpError,
    ValidationError,
    RequestDataTooBig,
    SuspiciousOperation,
    MultiPartParserError,
):
    api.add_exception_handler(error, answer_error)
for _prefix, _doors in ROUTERS.items():
    api.add_router(_prefix, _doors.router)


def guarded(ninja: NinjaAPI) -> list[URLPattern]:
    """Each operation's address with its policies. What declared none has none, and stops the start."""
    found: list[URLPattern] = [one for one in ninja.urls[0] if isinstance(one, URLPattern)]
    allowed = _methods(found)
    return [
        URLPattern(
            one.pattern, _guarded(one, allowed[str(one.pattern)]), one.default_args, one.name
        )
        for one in found
        if one.name != "api-root"
    ]


def patterns() -> list[URLPattern]:
    """All addresses beneath /api/v1."""
    return guarded(api)


def _methods(found: list[URLPattern]) -> dict[str, list[str]]:
    """The methods of each address: operations on one path share it."""
    methods: dict[str, list[str]] = {}
    for one in found:
        operation = OPERATIONS.get(str(one.name))
        methods.setdefault(str(one.pattern), []).extend([operation.method] if operation else [])
    return methods


def _guarded(one: URLPattern, methods: list[str]) -> View:
    operation = OPERATIONS.get(str(one.name))
    is_upload = operation is not None and operation.is_upload
    view = partial(_answer, one.callback, methods, is_upload)
    view.csrf_exempt = True  # type: ignore[attr-defined]
    if operation is not None:
        view.policies = operation.policies  # type: ignore[attr-defined]
    return view


def _answer(
    view: View, methods: list[str], is_upload: bool, request: HttpRequest, **path: Any
) -> HttpResponse:
    if request.method not in methods:
        return refuse_method(methods)
    try:
        bodies.check_size(request, bodies.LARGEST_IMPORT if is_upload else bodies.LARGEST_BODY)
        return view(request, **path)
    except Refused as refused:
        return respond(problem(refused))


def refuse_method(methods: list[str]) -> HttpResponse:
    response = refuse(METHOD)
    response["Allow"] = ", ".join(sorted(methods))
    return response


@query(Role.ANYONE)
def nothing(actor: Actor) -> Refused:
    """What stands at an address that nobody declared."""
    return Refused(NOT_FOUND)


def missing(request: HttpRequest, rest: str = "") -> HttpResponse:
    """Any other address beneath /api: a problem like that of a missing thing."""
    return respond(problem(nothing(ANYONE)))


def openapi(request: HttpRequest) -> HttpResponse:
    """The description of every operation, as OpenAPI 3.1."""
    if request.method != "GET":
        return refuse_method(["GET"])
    return respond(Reply(200, description.document(ANYONE, api)))


missing.policies = (nothing.policy,)  # type: ignore[attr-defined]
openapi.policies = (description.document.policy,)  # type: ignore[attr-defined]
