"""How an operation is declared: the action or query it uses, its method and path, its answer.

The function's parameters say what comes in (path, query, one body), its annotation what goes out.
A mutation runs under its Idempotency-Key; its answer is stored with its effect.
"""

from __future__ import annotations

import functools
import inspect
import json
import re
import typing
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import BaseModel

from puhui.kernel.actor import Actor, Policy, Role, policy_of
from puhui.kernel.command import NOT_FOUND, Reason, Refused, Reply, once
from puhui.rest.frame import bodies
from puhui.rest.frame.credentials import ONCE_HEADER, Door, Guard, door_of
from puhui.rest.frame.problems import problem, respond

REFERENCE = re.compile(r"[A-Za-z0-9-]{1,40}", re.ASCII)
PATH_NAME = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Ask:
    """One call: who asks, and the request for the few operations that read a header of it."""

    by: Actor
    request: HttpRequest
    secrets: dict[str, str] = field(default_factory=dict, repr=False)
    """What is shown once: added to the first answer, never to the stored one."""
    prepared: Any = None
    """What the operation's `prepares` made, before the transaction."""


@dataclass(frozen=True, slots=True)
class Operation:
    """What is declared of one operation, for its door and its description."""

    name: str
    tag: str
    method: str
    path: str
    policies: tuple[Policy, ...]
    door: Door
    status: int
    answer: type[BaseModel]
    is_keyed: bool
    is_upload: bool
    has_body: bool
    query: frozenset[str]
    refuses: tuple[Reason, ...]
    example: dict[str, Any] | None
    subject: str
    recheck: Callable[..., Any] | None
    keyed_by: Callable[..., Actor] | None
    prepares: Callable[..., Any] | None


OPERATIONS: dict[str, Operation] = {}


@dataclass(frozen=True, slots=True)
class Doors:
    """The operations of one partner kind, declared on one router."""

    tag: str
    router: Router
    only: frozenset[Role] = frozenset()
    """The duties that this door is for; none: whoever the action or query lets in."""

    @classmethod
    def of(cls, tag: str, *, only: frozenset[Role] = frozenset()) -> Doors:
        return cls(tag, Router(tags=[tag]), only)

    def get(self, path: str, **declared: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        return self._declare("GET", path, **declared)

    def post(
        self, path: str, **declared: Any
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        return self._declare("POST", path, **declared)

    def put(self, path: str, **declared: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        return self._declare("PUT", path, **declared)

    def delete(
        self, path: str, **declared: Any
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        return self._declare("DELETE", path, **declared)

    def _declare(
        self,
        method: str,
        path: str,
        *,
        uses: Callable[..., Any] | tuple[Callable[..., Any], ...],
        status: int = 200,
        refuses: tuple[Reason, ...] = (),
        example: dict[str, Any] | None = None,
        subject: str = "",
        recheck: Callable[..., Any] | None = None,
        is_keyed: bool | None = None,
        is_upload: bool = False,
        is_raw: bool = False,
        keyed_by: Callable[..., Actor] | None = None,
        prepares: Callable[..., Any] | None = None,
        door: Door | None = None,
        only: frozenset[Role] = frozenset(),
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        used = uses if isinstance(uses, tuple) else (uses,)
        policies = tuple(_narrowed(policy_of(one), only or self.only) for one in used)

        def declare(function: Callable[..., Any]) -> Callable[..., Any]:
            shape = _Shape.of(function, path)
            operation = Operation(
                name=function.__name__,
                tag=self.tag,
                method=method,
                path=path,
                policies=policies,
                door=door or door_of(policies[0]),
                status=status,
                answer=shape.answer,
                is_keyed=method != "GET" if is_keyed is None else is_keyed,
                is_upload=is_upload,
                has_body=shape.has_body or is_upload or is_raw,
                query=shape.query,
                refuses=refuses,
                example=example,
                subject=subject,
                recheck=recheck,
                keyed_by=keyed_by,
                prepares=prepares,
            )
            if operation.name in OPERATIONS:
                raise RuntimeError(f"two operations are named {operation.name}")
            OPERATIONS[operation.name] = operation
            view = _view(operation, function, shape)
            self.router.api_operation(
                [method],
                path,
                auth=Guard(operation.door, policies[0], operation.is_keyed, is_upload),
                response={status: shape.answer},
                operation_id=operation.name,
                url_name=operation.name,
                summary=_summary(function),
            )(view)
            return function

        return declare


def _narrowed(policy: Policy, only: frozenset[Role]) -> Policy:
    """The policy as one door has it: no duty more than the action or query lets in."""
    if not only:
        return policy
    everybody = Role.ANYONE in policy.roles
    return replace(policy, roles=only if everybody else policy.roles & only)


def _summary(function: Callable[..., Any]) -> str:
    return (inspect.getdoc(function) or function.__name__).split("\n", 1)[0]


@dataclass(frozen=True, slots=True)
class _Shape:
    """What a function takes and gives."""

    signature: inspect.Signature
    answer: type[BaseModel]
    path: frozenset[str]
    query: frozenset[str]
    form: frozenset[str]
    has_body: bool

    @classmethod
    def of(cls, function: Callable[..., Any], path: str) -> _Shape:
        hints = typing.get_type_hints(function, include_extras=True)
        found = list(inspect.signature(function).parameters.values())
        parameters = [one.replace(annotation=hints[one.name]) for one in found[1:]]
        request = inspect.Parameter("request", inspect.Parameter.POSITIONAL_OR_KEYWORD)
        in_path = frozenset(PATH_NAME.findall(path))
        bodies_ = {one.name for one in parameters if _is_model(one.annotation)}
        plain = [one for one in parameters if one.name not in in_path | bodies_]
        return cls(
            signature=inspect.Signature([request, *parameters]),
            answer=hints["return"],
            path=in_path,
            query=frozenset(one.name for one in plain if not _is_form(one.annotation)),
            form=frozenset(one.name for one in plain if _is_form(one.annotation)),
            has_body=bool(bodies_),
        )


def _is_model(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def _is_form(kind: Any) -> bool:
    from ninja.params.models import File, Form

    return any(isinstance(one, File | Form) for one in typing.get_args(kind)[1:])


def _view(operation: Operation, function: Callable[..., Any], shape: _Shape) -> Callable[..., Any]:
    """The function as ninja calls it: with the request, giving a response with exact bytes."""

    @functools.wraps(function)
    def view(request: HttpRequest, **values: Any) -> HttpResponse:
        for name in shape.path:
            if not REFERENCE.fullmatch(values[name]):
                raise Refused(NOT_FOUND)
        bodies.check_query(request, operation.query)
        if operation.is_upload:
            bodies.check_form(request, shape.form)
        if request.method != "GET" and not operation.has_body:
            bodies.check_empty(request)
        ask = Ask(by=request.auth, request=request)  # type: ignore[attr-defined]
        if operation.prepares is not None:
            ask = replace(ask, prepared=operation.prepares(ask, **values))
        if operation.is_keyed:
            return _once(operation, ask, values, functools.partial(function, ask, **values))
        return respond(_reply(operation, function(ask, **values)))

    del view.__wrapped__
    view.__signature__ = shape.signature  # type: ignore[attr-defined]
    view.policies = operation.policies  # type: ignore[attr-defined]
    return view


def _once(
    operation: Operation, ask: Ask, values: dict[str, Any], act: Callable[[], BaseModel]
) -> HttpResponse:
    """Run the function at most once under the caller's key."""
    check, keyed_by = operation.recheck, operation.keyed_by
    reply = once(
        key=ask.request.headers[ONCE_HEADER],
        operation=f"{operation.name} {ask.request.get_full_path()}",
        body=bodies.content_of(ask.request, is_upload=operation.is_upload),
        by=keyed_by(ask, values["body"]) if keyed_by is not None else ask.by,
        act=act,
        render=functools.partial(_reply, operation),
        refuse=problem,
        recheck=lambda subject: check(ask.by, subject) if check is not None else None,
    )
    if ask.secrets and reply.status < 400:
        return respond(_with_secrets(reply, ask.secrets))
    return respond(reply)


def _reply(operation: Operation, answer: BaseModel) -> Reply:
    subject = str(getattr(answer, operation.subject)) if operation.subject else ""
    return Reply(operation.status, answer.__pydantic_serializer__.to_json(answer), subject)


def _with_secrets(reply: Reply, secrets: dict[str, str]) -> Reply:
    whole = {**json.loads(reply.body), **secrets}
    return Reply(reply.status, json.dumps(whole, ensure_ascii=False).encode(), reply.subject)
