"""F1 and F2: who gets through which door, for every operation and every role."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.http import HttpResponse
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.urls import URLPattern, path
from ninja import NinjaAPI, Router

from puhui.desks.shared.gate import require_policies
from puhui.kernel.actor import SYSTEM, Role
from puhui.market import actions as market
from puhui.market.models import Engagement
from puhui.parties import actions as parties
from puhui.rest import api as rest
from puhui.rest.frame.doors import OPERATIONS, Ask, Doors, Operation
from puhui.rest.schemas.work import Ref
from tests import world
from tests.rest import stages
from tests.rest.partner import Partner, by_key, signed_in

MISSING = "999999999"
ROLES = (
    Role.ANYONE,
    Role.RESIDENT,
    Role.LOAN_OFFICER,
    Role.BANK_ADMIN,
    Role.TOWNSHIP_ADMIN,
    Role.COUNTY_SUPERVISOR,
    Role.COUNTY_ADMIN,
    Role.AUDITOR,
    Role.VILLAGE_COMMISSIONER,
)


@dataclass
class Things:
    """What an operation's `{ref}` may name: one's own, and another's."""

    demand: str
    engagement: str
    objected: str
    product: str
    enquiry: str
    supervision: str
    order: str
    entry: str
    branch: str
    photo: str
    parted: str
    enterprise: str
    succession: str


@dataclass
class Cast:
    """Everybody who knocks, and two cases: one theirs, one of others."""

    partners: dict[Role, Partner]
    own: Things
    other: Things


def _cast() -> Cast:
    county = world.build()
    township, village = world.TOWNSHIP, world.VILLAGE
    auditor = world.staff("C01", "孙审计", Role.AUDITOR)
    parties.create_organisation("东湾村委会", "village", ref="V01", by=SYSTEM)
    commissioner = world.staff("V01", "钱专员", Role.VILLAGE_COMMISSIONER, area=village)
    assert county.deputy.areas == {township}
    actors = {
        Role.RESIDENT: county.applicant,
        Role.BANK_ADMIN: county.bank.head,
        Role.TOWNSHIP_ADMIN: county.deputy,
        Role.COUNTY_SUPERVISOR: county.supervisor,
        Role.COUNTY_ADMIN: county.admin,
        Role.AUDITOR: auditor,
        Role.VILLAGE_COMMISSIONER: commissioner,
    }
    partners = {role: signed_in(actor) for role, actor in actors.items()}
    partners[Role.ANYONE] = Partner()
    partners[Role.LOAN_OFFICER] = by_key(county.bank.officer)
    return Cast(partners, *_things(county))


def _things(county: world.World) -> tuple[Things, Things]:
    """A case of the applicant and the first bank; one of a stranger and the second bank."""
    engagement = stages.called(county)
    own = Things(market_demand(engagement), engagement, **_of_bank(county))
    stranger = world.resident(world.OTHER_VILLAGE)
    hers = world.publish(county, stranger, directed_bank=county.banks[1].ref)
    county.banks.reverse()
    mine, county.applicant = county.applicant, stranger
    theirs = {**_of_bank(county), "parted": hers.ref}
    other = Things(hers.ref, engagement_of(hers.ref), **theirs)
    county.banks.reverse()
    county.applicant = mine
    return own, other


def _of_bank(county: world.World) -> dict[str, str]:
    """What the first bank has beside an engagement; `parted`: a demand that its people have hidden."""
    hidden = world.publish(county).ref
    for officer in (county.bank.officer, county.bank.head):
        market.set_aside(hidden, by=officer)
    return {
        "objected": stages.objected(county),
        "product": stages.product(county),
        "enquiry": stages.enquired(county),
        "supervision": stages.supervised(county),
        "order": stages.ordered(county),
        "entry": stages.entry(county),
        "branch": stages.branch(county),
        "photo": stages.photographed(county),
        "parted": hidden,
        "enterprise": stages.enterprise(county),
        "succession": stages.succession(county),
    }


def market_demand(engagement: str) -> str:
    return Engagement.objects.values_list("demand__ref", flat=True).get(ref=engagement)


def engagement_of(demand: str) -> str:
    return Engagement.objects.values_list("ref", flat=True).get(demand__ref=demand)


def _ref(operation: Operation, things: Things) -> str:
    for part, thing in _NAMED.items():
        if part in operation.path:
            return str(getattr(things, thing))
    return things.demand


_NAMED = {
    "/products/": "product",
    "/objection/": "objected",
    "/enquiries/": "enquiry",
    "/supervisions/": "supervision",
    "/orders/": "order",
    "/directory/": "entry",
    "/branches/": "branch",
    "/photos/": "photo",
    "/aside": "parted",
    "/engagements/": "engagement",
    "/enterprises/": "enterprise",
    "/successions/": "succession",
}
"""What `{ref}` is in an address with this part."""


PREFIXES = {
    "public": "",
    "auth": "/auth",
    "resident": "/my",
    "bank": "/bank",
    "watch": "/watch",
    "admin": "/admin",
    "sms": "/sms",
}


def _call(operation: Operation, partner: Partner, ref: str) -> HttpResponse:
    where = PREFIXES[operation.tag] + operation.path.replace("{ref}", ref)
    with transaction.atomic():
        answer = partner.send(operation.method, where, _body(operation), **_kind(operation))
        transaction.set_rollback(True)
    return answer


def _body(operation: Operation) -> Any:
    if operation.is_upload:
        return encode_multipart(BOUNDARY, {"file": SimpleUploadedFile("x", b"no picture")})
    if operation.name == "confirm_report":
        return {"kind": "called", "answer": "yes"}
    return operation.example


def _kind(operation: Operation) -> dict[str, str]:
    return {"Content-Type": MULTIPART_CONTENT} if operation.is_upload else {}


def _may(operation: Operation, role: Role) -> bool:
    policy = operation.policies[0]
    return Role.ANYONE in policy.roles or role in policy.roles


@pytest.mark.django_db
def test_f1_each_role_at_each_door_own_others_and_missing() -> None:
    cast = _cast()
    for operation in OPERATIONS.values():
        for role in ROLES:
            refs = [_ref(operation, cast.own), _ref(operation, cast.other), MISSING]
            partner = cast.partners[role]
            _judge(operation, role, [_call(operation, partner, ref) for ref in refs])


WATCHES_ALL = {Role.COUNTY_SUPERVISOR, Role.COUNTY_ADMIN, Role.AUDITOR}


def _judge(operation: Operation, role: Role, answers: list[HttpResponse]) -> None:
    own, other, missing = answers
    told = f"{operation.name} by {role}: {[one.status_code for one in answers]}"
    assert all(one.status_code < 500 for one in answers), told
    if not _may(operation, role):
        refused = 401 if role is Role.ANYONE or _is_wrong_key(operation, role) else 403
        assert {one.status_code for one in answers} == {refused}, told
        assert len({one.content for one in answers}) == 1, told
        return
    assert own.status_code not in (401, 403) or operation.tag in ("auth", "sms"), told
    if "{ref}" not in operation.path or operation.name == "get_product":
        return
    assert own.status_code != 404, told
    assert missing.status_code == 404, told
    if role not in WATCHES_ALL:
        assert (other.status_code, other.content) == (404, missing.content), told


def _is_wrong_key(operation: Operation, role: Role) -> bool:
    """A bank's key opens nothing but the bank's doors: elsewhere it is no credential at all."""
    return role is Role.LOAN_OFFICER and operation.door.security == [{"bearer": []}]


BANK = {Role.LOAN_OFFICER, Role.BANK_ADMIN}
COUNTY = {Role.COUNTY_SUPERVISOR, Role.COUNTY_ADMIN}
WHO = {
    "public": {Role.ANYONE},
    "auth": {Role.ANYONE},
    "sms": {Role.ANYONE},
    "resident": {Role.RESIDENT},
    "bank": BANK,
    "watch": COUNTY | {Role.TOWNSHIP_ADMIN, Role.AUDITOR},
    "admin": {Role.COUNTY_ADMIN},
}
WHO_ELSE = {
    "reassign_demand": COUNTY,
    "propose_reassignment": COUNTY,
    "create_api_key": {Role.COUNTY_ADMIN, Role.BANK_ADMIN},
    "answer_objection": {Role.BANK_ADMIN},
    "set_roster": {Role.BANK_ADMIN},
    "add_branch": {Role.BANK_ADMIN},
    "change_branch": {Role.BANK_ADMIN},
    "close_branch": {Role.BANK_ADMIN},
}
"""The contract's table of who may call what, written down a second time."""


def test_f1_the_doors_are_those_of_the_contract() -> None:
    for name, operation in OPERATIONS.items():
        assert operation.policies[0].roles == WHO_ELSE.get(name, WHO[operation.tag]), name


def _unguarded() -> Iterator[Callable[[], list[URLPattern]]]:
    def undeclared() -> list[URLPattern]:
        return [path("x", lambda request: HttpResponse())]

    def beside_the_frame() -> list[URLPattern]:
        router = Router()
        router.get("/x", url_name="x")(lambda request: None)
        ninja = NinjaAPI(urls_namespace="planted", openapi_url=None, docs_url=None)
        ninja.add_router("", router)
        return rest.guarded(ninja)

    yield undeclared
    yield beside_the_frame


@pytest.mark.parametrize("planted", list(_unguarded()))
def test_f2_an_operation_without_a_policy_stops_the_program(
    planted: Callable[[], list[URLPattern]],
) -> None:
    require_policies([*rest.patterns()])
    with pytest.raises(RuntimeError, match="routes without a policy: x"):
        require_policies([*rest.patterns(), *planted()])


def test_f2_an_operation_of_a_plain_function_cannot_be_declared() -> None:
    with pytest.raises(RuntimeError, match="has no policy"):
        Doors.of("planted").get("/x", uses=world.publish)
    with pytest.raises(RuntimeError, match="two operations are named claim_demand"):
        _declared_twice()


def _declared_twice() -> None:
    def claim_demand(ask: Ask, ref: str) -> Ref:
        return Ref(ref=ref)

    Doors.of("planted").post("/{ref}", uses=market.claim)(claim_demand)
