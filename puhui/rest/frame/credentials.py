"""Who calls: a session's bearer token, or a bank's key with its officer. One statement each."""

from __future__ import annotations

import enum
import re
from typing import Any

from django.http import HttpRequest

from puhui.access import queries as access
from puhui.kernel.actor import ANYONE, STAFF, Actor, Policy, Role, Via
from puhui.kernel.command import KEY_MISSING, Reason, Refused
from puhui.rest.frame.bodies import check_upload
from puhui.rest.frame.problems import CREDENTIALS, FORBIDDEN

KEY_HEADER, OFFICER_HEADER, ONCE_HEADER = "X-API-Key", "X-Officer", "Idempotency-Key"
SESSION_UNKNOWN = Reason("session_unknown", "登录已失效，请重新登录。", 401)
TWO_CREDENTIALS = Reason("two_credentials", "登录令牌和单位密钥只能带一种。", 400)
MUST_ENROL = Reason("must_enrol", "请先在网页上改密码、绑定动态码。", 403)
KEY_MALFORMED = Reason(
    "idempotency_key_malformed", "Idempotency-Key 要是 1 到 255 个可见的 ASCII 字符。", 400
)
_ONCE = re.compile(r"[\x21-\x7e]{1,255}", re.ASCII)

BEARER, KEY, OFFICER = "bearer", "apiKey", "officer"
SCHEMES: dict[str, dict[str, Any]] = {
    BEARER: {
        "type": "http",
        "scheme": "bearer",
        "description": "sign_in 给的令牌：群众 30 天，工作人员 12 小时。",
    },
    KEY: {
        "type": "apiKey",
        "in": "header",
        "name": KEY_HEADER,
        "description": "单位的密钥，由 create_api_key 给出，只显示一次。",
    },
    OFFICER: {
        "type": "apiKey",
        "in": "header",
        "name": OFFICER_HEADER,
        "description": "经办人的工号：密钥不代表人，职责按这个人查。",
    },
}


class Door(enum.Enum):
    """By which credentials an operation may be reached."""

    OPEN = "open"
    PERSON = "person"
    BANK = "bank"
    SIGNED = "signed"
    """By the signature over its own body, which the operation checks."""

    @property
    def security(self) -> list[dict[str, list[str]]]:
        if self is Door.PERSON:
            return [{BEARER: []}]
        if self is Door.BANK:
            return [{BEARER: []}, {KEY: [], OFFICER: []}]
        return []


class Guard:
    """Runs before anything of the body is read: who asks, and whether their duty may."""

    def __init__(self, door: Door, policy: Policy, is_keyed: bool, is_upload: bool) -> None:
        self.door, self.policy = door, policy
        self.is_keyed, self.is_upload = is_keyed, is_upload

    def __call__(self, request: HttpRequest) -> Actor:
        actor = self._actor(request)
        if not self.policy.allows(actor):
            raise Refused(FORBIDDEN if actor.is_signed_in else CREDENTIALS)
        if self.is_keyed:
            key = request.headers.get(ONCE_HEADER, "")
            if not key:
                raise Refused(KEY_MISSING)
            if not _ONCE.fullmatch(key):
                raise Refused(KEY_MALFORMED)
        if self.is_upload:
            check_upload(request)
        return actor

    def _actor(self, request: HttpRequest) -> Actor:
        if self.door in (Door.OPEN, Door.SIGNED):
            return ANYONE
        token, key = _bearer(request), request.headers.get(KEY_HEADER, "")
        if token and key:
            raise Refused(TWO_CREDENTIALS)
        if key and self.door is Door.BANK:
            return access.actor_of_key(key, request.headers.get(OFFICER_HEADER, ""))
        return _of_token(token)


def _bearer(request: HttpRequest) -> str:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def _of_token(token: str) -> Actor:
    if not token:
        raise Refused(CREDENTIALS)
    actor = access.actor_of_session(token, Via.REST)
    if actor.is_signed_in:
        return actor
    raise Refused(MUST_ENROL if actor.session else SESSION_UNKNOWN)


def session_of(request: HttpRequest) -> tuple[str, Actor]:
    """The token of an open operation that goes on with a session, and its actor."""
    token = _bearer(request)
    return token, _of_token(token)


def caller_address(request: HttpRequest) -> str:
    """The address that limits are counted by."""
    return str(request.META.get("REMOTE_ADDR", ""))


def door_of(policy: Policy) -> Door:
    """The credentials that fit a policy: anyone none, banks also by key, all others by token."""
    if Role.ANYONE in policy.roles:
        return Door.OPEN
    return Door.BANK if policy.roles & STAFF & {Role.LOAN_OFFICER, Role.BANK_ADMIN} else Door.PERSON
