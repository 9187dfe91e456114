"""Nouns of access: what a sign-in gives, credentials that are shown once, refusals."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from puhui.kernel.actor import Actor
from puhui.kernel.command import Reason
from puhui.parties.terms import PersonOnPhone


@dataclass(frozen=True, slots=True)
class CodeSent:
    """A code is on its way. The same for a number that is registered and one that is not."""

    phone_tail: str
    valid_seconds: int
    again_in_seconds: int


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session was opened. The token goes to the person and nowhere else.

    `people`: who shares the phone, to be picked while the actor is nobody yet. `must_enrol`: the
    session may only change the password and confirm a second factor. `device_token`: of a device
    bound, or seen for the first time, just now.
    """

    token: str = field(repr=False)
    actor: Actor
    people: tuple[PersonOnPhone, ...] = ()
    must_enrol: bool = False
    device_token: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Credential:
    """A login with its one-time password; it can be shown only now."""

    login: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Handout:
    """A login with its one-time password for one of many; it can be shown only now."""

    staff_ref: str
    login: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class AccountCard:
    """An account as the county sees it: never what opens it."""

    login: str
    duty: UUID
    is_closed: bool
    waits_for_first: bool
    """The one-time password (or binding code) has not been used yet."""
    has_second_factor: bool
    has_device: bool
    created_at: datetime


@dataclass(frozen=True, slots=True)
class SessionCard:
    """A place where somebody is signed in."""

    id: UUID
    via: str
    created_at: datetime
    expires_at: datetime
    is_this: bool


@dataclass(frozen=True, slots=True)
class OwnAccount:
    """Somebody's own account and where it is signed in: this place and the newest others; `more`
    are signed in besides."""

    login: str
    has_password: bool
    password_set_at: datetime
    has_second_factor: bool
    has_device: bool
    sessions: tuple[SessionCard, ...]
    more: int


@dataclass(frozen=True, slots=True)
class NewKey:
    """An organisation's key; it can be shown only now. `ref` names it for revoking."""

    ref: str
    key: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class KeyCard:
    """A key as its organisation sees it afterwards."""

    ref: str
    organisation_ref: str
    created_on: str
    is_revoked: bool


class Refusals:
    """Why signing in is refused (content.md §1.5); sentences are the person's."""

    CODE_SHAPE = Reason("code_shape", "验证码是 6 位数字。", 422, "code")
    CODE_WRONG = Reason("code_wrong", "验证码不对，还能试 {left} 次。", 422, "code")
    CODE_EXPIRED = Reason("code_expired", "这个验证码过时了，请再要一个。", 422, "code")
    TOO_MANY = Reason("too_many_tries", "试得太多了，请 {minutes} 分钟后再来，或打县热线。", 429)
    LAST_FOUR_WRONG = Reason(
        "last_four_wrong", "身份证后 4 位对不上，还能试 {left} 次。", 422, "last_four"
    )
    LAST_FOUR_SHAPE = Reason("last_four_shape", "请填身份证的后 4 位。", 422, "last_four")
    SIGN_IN_FIRST = Reason("sign_in_first", "请先登录。", 401)
    SIGN_IN_FAILED = Reason("sign_in_failed", "登录名、密码或动态码不对，请再看一遍。", 401)
    DEVICE_UNKNOWN = Reason(
        "device_unknown", "这台手机还没有绑定，或绑定码不对。请向县里要一个绑定码。", 401
    )
    PASSWORD_WRONG = Reason("password_wrong", "原来的密码不对。", 422, "old")
    PASSWORD_WEAK = Reason(
        "password_weak", "新密码至少 10 位，不能太常见，不能和原来的或登录名一样。", 422, "new"
    )
    TOTP_WRONG = Reason("totp_wrong", "动态码不对，请等下一个再填。", 422, "totp")
    TOTP_CONFIRMED = Reason("totp_confirmed", "动态码已经绑定。换手机请找县里重置。")
    LOGIN_BAD = Reason(
        "login_bad", "登录名用 3 到 40 位小写字母、数字、点、短横或下划线。", 422, "login"
    )
    LOGIN_TAKEN = Reason("login_taken", "这个登录名已经有人用了。", 409, "login")
    DUTY_UNKNOWN = Reason("duty_unknown", "这个人没有这个职责，或已经结束。", 422, "duty")
    DUTY_HAS_ACCOUNT = Reason("duty_has_account", "这个职责已经有账号了。")
    ONLY_BANKS = Reason("only_banks", "只有银行能有接口密钥。", 422, "organisation")
    KEY_UNKNOWN = Reason("api_key_unknown", "接口密钥不对或已经停用。", 401)
    OFFICER_UNKNOWN = Reason(
        "officer_unknown", "X-Officer 不是贵单位在岗的客户经理或管理员。", 403, "X-Officer"
    )
    NOT_LOCKED = Reason("not_locked", "这个手机号没有锁着。", 409, "phone")
    DEMO_ONLY = Reason("demo_only", "没有找到，或不归您看。", 404)
