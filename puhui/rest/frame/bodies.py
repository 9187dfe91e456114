"""What comes in, guarded once: size, type, NUL, broken text, numbers no column can hold."""

from __future__ import annotations

import hashlib
import json
from typing import Any, Never

from django.http import HttpRequest
from django.http.multipartparser import MultiPartParserError
from django.utils.datastructures import MultiValueDict
from ninja.parser import Parser

from puhui.kernel.command import FieldError, Invalid, Refused
from puhui.rest.frame.problems import LENGTH, MALFORMED, MEDIA_TYPE, TOO_LARGE, unknown_field

LARGEST_BODY = 64 * 1024
LARGEST_IMPORT = 16 * 1024 * 1024
LARGEST_NUMBER = 2**53
"""Beyond it other languages' JSON readers round, and no amount of money is."""
DEEPEST = 20
MOST_NAMES = 20


class CarefulParser(Parser):
    """Reads JSON as the specification has it, and nothing that a column could choke on."""

    def parse_body(self, request: HttpRequest) -> Any:
        if request.content_type != "application/json":
            raise Refused(MEDIA_TYPE, wanted="application/json")
        try:
            sent = json.loads(
                request.body.decode("utf-8"), parse_constant=_refuse, object_pairs_hook=_object
            )
            _check(sent, DEEPEST)
        except (ValueError, RecursionError):
            raise Refused(MALFORMED) from None
        return sent

    def parse_querydict(
        self, data: MultiValueDict[str, Any], list_fields: list[str], request: HttpRequest
    ) -> dict[str, Any]:
        for name, values in data.lists():
            if any(isinstance(one, str) and "\x00" in one for one in (name, *values)):
                raise Invalid([FieldError("query", "malformed", "不能含有空字符。")])
        return super().parse_querydict(data, list_fields, request)


def _refuse(_name: str) -> Never:
    raise ValueError("NaN and Infinity are not JSON")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")
    return found


def _check(value: Any, depth: int) -> None:
    if depth == 0:
        raise ValueError("nested too deep")
    if isinstance(value, str):
        if "\x00" in value:
            raise ValueError("a text holds NUL")
        value.encode()
    elif isinstance(value, dict):
        for name, one in value.items():
            _check(name, depth - 1)
            _check(one, depth - 1)
    elif isinstance(value, list):
        for one in value:
            _check(one, depth - 1)
    elif isinstance(value, int | float) and abs(value) > LARGEST_NUMBER:
        raise ValueError("a number is too large")


def check_size(request: HttpRequest, largest: int) -> None:
    """Refuse a body by its announced length, before any of it is read.

    One sent in chunks announces none, and would be taken for empty.
    """
    if "chunked" in request.headers.get("Transfer-Encoding", "").lower():
        raise Refused(LENGTH)
    try:
        length = int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        length = 0
    if length > largest:
        raise Refused(TOO_LARGE)


def check_empty(request: HttpRequest) -> None:
    """An operation without fields takes nothing, or `{}`."""
    if request.body.strip() not in (b"", b"{}"):
        sent = CarefulParser().parse_body(request)
        names = list(sent)[:MOST_NAMES] if isinstance(sent, dict) else ["body"]
        raise Invalid([unknown_field(str(name)) for name in names])


def check_query(request: HttpRequest, known: frozenset[str]) -> None:
    """An unknown name in the query is a mistake of the caller, not to be passed over."""
    _check_names({*request.GET}, known)


def check_form(request: HttpRequest, known: frozenset[str]) -> None:
    """Of an upload, an unknown field or file."""
    _check_names({*request.POST, *request.FILES}, known)


def _check_names(sent: set[str], known: frozenset[str]) -> None:
    unknown = sorted(sent - known)
    if unknown:
        raise Invalid([unknown_field(name) for name in unknown[:MOST_NAMES]])


def content_of(request: HttpRequest, *, is_upload: bool) -> bytes:
    """What an idempotency key stands for: the body's bytes, or an upload's fields and files.

    A form's boundary is new on every attempt, so its raw bytes would never be the same twice.
    """
    if not is_upload:
        return request.body
    parts = [f"{name}={value}" for name in request.POST for value in request.POST.getlist(name)]
    for name, files in request.FILES.lists():
        for one in files:
            digest = hashlib.sha256()
            for chunk in one.chunks():
                digest.update(chunk)
            one.seek(0)
            parts.append(f"{name}:{digest.hexdigest()}")
    return "\n".join(sorted(parts)).encode()


def check_upload(request: HttpRequest) -> None:
    """An upload is a form with files; a broken one is refused here rather than half-read."""
    if request.content_type != "multipart/form-data":
        raise Refused(MEDIA_TYPE, wanted="multipart/form-data")
    try:
        _ = request.FILES
    except MultiPartParserError:
        raise Refused(MALFORMED) from None
