"""The registers as lists to fill in, and what stands in them now: the same columns both ways."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from puhui.kernel.actor import Actor, Role, query
from puhui.kernel.command import NOT_FOUND, Refused, database_now
from puhui.parties.models import Branch, Division, Duty, Organisation, RosterShift, VillageBank
from puhui.parties.rules import registers
from puhui.sheets.terms import Column

Cells = tuple[object, ...]
COMING = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class Register:
    """One list: its name, its columns, what to know before filling it in, how to undo it."""

    key: str
    title: str
    columns: Sequence[Column]
    notes: tuple[str, ...]
    undo: str
    is_given_out: bool = True
    """Whether what stands there may be taken away as a list."""


REGISTERS = {
    one.key: one
    for one in (
        Register(
            "organisations",
            "单位",
            registers.ORGANISATIONS,
            ("一行一个单位。", "表里没写的单位不动；要停用，状态填“停用”。"),
            "添错的：把那一行状态填“停用”再导一次。改错的：用导入前下载的名单再导一次。",
        ),
        Register(
            "branches",
            "网点",
            registers.BRANCHES,
            ("一行一个网点，按银行和网点名称认。", "表里没写的网点不动；要停用，状态填“停用”。"),
            "添错的：状态填“停用”再导一次。改错的：用导入前下载的名单再导一次。",
        ),
        Register(
            "staff",
            "人员",
            registers.STAFF,
            (
                "一行一个人的一个职责；一个人管几个村，就写几行。",
                "按工号认人；工号空着，按单位加手机号认。",
                "表里没写的人不动；要离岗，状态填“离岗”。",
            ),
            "添错的：状态填“离岗”再导一次，账号当天停。改错的：用导入前下载的名单再导一次。",
        ),
        Register(
            "rosters",
            "值班表",
            registers.ROSTERS,
            (
                "一行一个班。",
                "每个单位，从表里最早的开始到最晚的结束，原来排的会换成表里的；这段以外的不动。",
            ),
            "用导入前下载的值班表再导一次，就换回来了。",
        ),
        Register(
            "village-banks",
            "包村银行",
            registers.VILLAGE_BANKS,
            ("一行一个村。", "表里没写的村不动。"),
            "用导入前下载的名单再导一次，就换回来了。",
        ),
        Register(
            "households",
            "户",
            registers.HOUSEHOLDS,
            (
                "一行一个人；同一户的“户”一栏写一样的。",
                "人要先登记过。已经在一起的户不动；在别的户里的人，要他自己先退出。",
            ),
            "添错的：请那一户的人在手机“我家”里退出。",
            is_given_out=False,
        ),
        Register(
            "natural-villages",
            "自然村",
            registers.NATURAL_VILLAGES,
            ("一行一个自然村，挂在行政村下面。", "已经有的不动。"),
            "添错的，在“区划”里点开那个自然村，停用。",
        ),
    )
}


@query(Role.COUNTY_ADMIN)
def register(actor: Actor, key: str) -> Register:
    """One of the lists. Refuses NOT_FOUND."""
    if key not in REGISTERS:
        raise Refused(NOT_FOUND)
    return REGISTERS[key]


@query(Role.COUNTY_ADMIN)
def register_rows(actor: Actor, key: str) -> list[Cells]:
    """What stands in a register now, in the columns of its list: importing it changes nothing.
    Of the rosters the 31 days to come. Refuses NOT_FOUND."""
    if key not in ROWS:
        raise Refused(NOT_FOUND)
    return list(ROWS[key]())


def _state(is_on: bool) -> str:
    return registers.ON if is_on else registers.OFF


def _organisations() -> Iterator[Cells]:
    rows = Organisation.objects.select_related("township").order_by("kind", "position", "ref")
    for row in rows:
        town = row.township.name if row.township else ""
        names = (row.name, row.sms_name, row.type_name, row.duty_phone)
        yield row.ref, row.kind, *names, town, _state(row.is_active)


def _branches() -> Iterator[Cells]:
    rows = Branch.objects.select_related("organisation", "township").filter(
        organisation__is_active=True
    )
    for row in rows.order_by("organisation__position", "name"):
        where = (row.township.name, row.address, row.phone, row.opening_hours)
        yield row.organisation.ref, row.name, *where, _state(row.closed_at is None)


def _staff() -> Iterator[Cells]:
    duties = Duty.objects.select_related("staff__organisation", "area", "seconded_from").filter(
        ends_at__isnull=True, staff__is_active=True, staff__organisation__is_active=True
    )
    for one in duties.order_by("staff__ref", "starts_at", "id"):
        person, area = one.staff, one.area
        is_village = one.role == Role.VILLAGE_COMMISSIONER
        town = area.township_code if area else ""
        village = area.code if area and is_village else ""
        bank = one.seconded_from.ref if one.seconded_from else ""
        who = (person.ref, person.name, person.phone, person.organisation.ref)
        yield *who, one.role, town, village, bank, registers.ON


def _rosters() -> Iterator[Cells]:
    now = database_now()
    rows = RosterShift.objects.filter(
        starts_at__gte=now, starts_at__lt=now + COMING, organisation__is_active=True
    )
    cells = ("organisation__ref", "staff__ref", "starts_at", "ends_at")
    yield from rows.order_by("organisation__ref", "starts_at", "staff__ref").values_list(*cells)


def _village_banks() -> Iterator[Cells]:
    rows = VillageBank.objects.filter(organisation__is_active=True, village__is_active=True)
    cells = ("village__township_code", "village", "organisation__ref")
    yield from rows.order_by("village").values_list(*cells)


def _natural_villages() -> Iterator[Cells]:
    rows = Division.objects.filter(kind=Division.Kind.NATURAL_VILLAGE, is_active=True)
    yield from rows.order_by("code").values_list("township_code", "parent_id", "name")


def _households() -> Iterator[Cells]:
    """Nothing: a list of identity numbers is not given out."""
    return iter(())


ROWS: dict[str, Callable[[], Iterator[Cells]]] = {
    "organisations": _organisations,
    "branches": _branches,
    "staff": _staff,
    "rosters": _rosters,
    "village-banks": _village_banks,
    "natural-villages": _natural_villages,
    "households": _households,
}
