"""Signing in over REST: residents by a code to their phone, staff by password and second factor."""

from __future__ import annotations

from puhui.access import actions as access
from puhui.access.terms import Refusals, SignedIn
from puhui.kernel.actor import ANYONE, Actor, Role, Via
from puhui.kernel.command import FieldError, Invalid
from puhui.rest.frame.credentials import caller_address, session_of
from puhui.rest.frame.doors import Ask, Doors
from puhui.rest.schemas.access import (
    CodeIn,
    CodeSentOut,
    PersonOut,
    SessionOut,
    SignInIn,
)
from puhui.rest.schemas.examples import CODE, SIGN_IN

auth = Doors.of("auth")


@auth.post(
    "/codes",
    uses=access.request_sign_in_code,
    is_keyed=False,
    refuses=(Refusals.TOO_MANY,),
    example=CODE,
)
def request_sign_in_code(ask: Ask, body: CodeIn) -> CodeSentOut:
    """发登录验证码

    号码登记过没有，回答都一样。不存回答，Idempotency-Key 可带可不带。
    """
    sent = access.request_sign_in_code(body.phone, address=caller_address(ask.request), by=ANYONE)
    return CodeSentOut.model_validate(sent)


@auth.post(
    "/sessions",
    uses=(access.sign_in_with_code, access.sign_in_staff, access.pick_person),
    status=201,
    is_keyed=False,
    refuses=(
        Refusals.CODE_WRONG,
        Refusals.LAST_FOUR_WRONG,
        Refusals.SIGN_IN_FAILED,
        Refusals.TOO_MANY,
    ),
    example=SIGN_IN,
)
def sign_in(ask: Ask, body: SignInIn) -> SessionOut:
    """登录，换一个令牌

    群众：手机号和验证码；一个号码几个人用的，带着令牌再来一次，写 person 和 last_four。
    回答里的 device 存在手机上，下次登录带着；没带的算新手机，会发短信告诉本人。
    工作人员：登录名、密码、动态码。不存回答，Idempotency-Key 可带可不带。
    """
    if body.login or body.password:
        opened = access.sign_in_staff(
            body.login,
            body.password,
            body.totp,
            address=caller_address(ask.request),
            via=Via.REST,
            by=ANYONE,
        )
        return _session(opened.token, opened.actor, opened)
    if body.phone or body.code:
        opened = access.sign_in_with_code(
            body.phone,
            body.code,
            address=caller_address(ask.request),
            via=Via.REST,
            device=body.device,
            by=ANYONE,
        )
        if body.person and opened.actor.person is None:
            picked = access.pick_person(body.person, body.last_four, by=opened.actor)
            return _session(opened.token, picked, opened)
        return _session(opened.token, opened.actor, opened)
    if body.person:
        token, actor = session_of(ask.request)
        return _session(token, access.pick_person(body.person, body.last_four, by=actor))
    raise Invalid([FieldError("phone", "missing", "请填手机号和验证码，或登录名和密码。")])


def _session(token: str, actor: Actor, opened: SignedIn | None = None) -> SessionOut:
    people = opened.people if opened and actor.person is None else ()
    return SessionOut(
        token=token,
        role=str(actor.role),
        person=actor.ref if actor.person else None,
        organisation=actor.organisation_ref or None,
        people=[PersonOut(ref=one.ref, name_masked=one.name_masked) for one in people],
        must_enrol=actor.role is Role.ANYONE,
        device=(opened.device_token or None) if opened else None,
    )
