"""The county's places in their tree (M020), each with its specialist and its bank."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from puhui.desks.county.chrome import DESK
from puhui.desks.county.people import forms
from puhui.desks.county.people.organisations import banks
from puhui.desks.county.people.words import PLACES, history, page
from puhui.desks.shared import gate
from puhui.desks.shared.gate import Request
from puhui.desks.shared.sheets import answered, sent
from puhui.desks.shared.spreadsheets import table_response
from puhui.kernel.clock import local_date
from puhui.kernel.command import database_now
from puhui.parties import actions
from puhui.parties.queries.administration import (
    PlaceRow,
    StaffFilter,
    area_tree,
    place_found,
    staff_rows,
)

TAB = "county-people-places"
HEADING = ("乡镇", "村", "自然村", "编码", "哪一级", "专员", "包村银行", "状态")
MOST_WORDS = 40


def address(code: str) -> str:
    return reverse("county-people-place", args=[code])


@gate.page(area_tree)
def places(request: Request) -> HttpResponse:
    """/county/people/places/: the whole tree; words (pinyin and initials too) narrow it."""
    words = request.GET.get("q", "").strip().lower()[:MOST_WORDS]
    tree, now = area_tree(request.actor), database_now()
    form = request.GET.get("format", "")
    if form in ("csv", "xlsx"):
        return table_response(form, f"区划 {local_date(now)}", HEADING, _rows(tree))
    shown = [one for one in (_narrowed(town, words) for town in tree) if one] if words else tree
    context = {
        "tree": shown,
        "words": words,
        "counts": _counts(tree),
        "now": now,
    }
    return page(request, "county/people/places.html", TAB, context)


def _counts(tree: list[PlaceRow]) -> dict[str, int]:
    villages = [village for town in tree for village in town.beneath if village.is_active]
    return {
        "towns": sum(one.is_active and one.kind == "township" for one in tree),
        "units": sum(one.is_active and one.kind == "unit" for one in tree),
        "villages": len(villages),
        "natural": sum(one.is_active for village in villages for one in village.beneath),
    }


def _matches(one: PlaceRow, words: str) -> bool:
    if words in one.name.lower() or one.code.lower().startswith(words):
        return True
    return words.isascii() and any(part.startswith(words) for part in one.pinyin.split())


def _narrowed(one: PlaceRow, words: str) -> PlaceRow | None:
    """The place with what of it matches; whole where its own name does."""
    if _matches(one, words):
        return one
    kept = tuple(found for found in (_narrowed(child, words) for child in one.beneath) if found)
    if not kept:
        return None
    return PlaceRow(
        one.code, one.name, one.short_name, one.kind, one.pinyin,
        one.is_active, one.specialists, one.bank, kept,
    )  # fmt: skip


def _rows(tree: list[PlaceRow]) -> list[list[object]]:
    rows: list[list[object]] = []
    for town in tree:
        rows.append(_row((town.name, "", ""), town))
        for village in town.beneath:
            rows.append(_row((town.name, village.name, ""), village))
            rows += [_row((town.name, village.name, one.name), one) for one in village.beneath]
    return rows


def _row(names: tuple[str, str, str], one: PlaceRow) -> list[object]:
    kind, state = PLACES[one.kind], "在用" if one.is_active else "停用"
    return [*names, one.code, kind, one.specialists, one.bank, state]


@gate.page(place_found)
def place(request: Request, code: str) -> HttpResponse:
    """/county/people/places/<code>/"""
    actor, now = request.actor, database_now()
    one = place_found(actor, code)
    here = {code, *(beneath.code for beneath in one.beneath)}
    serving = staff_rows(
        actor, StaffFilter(township=code if one.kind in ("township", "unit") else code[:9])
    )
    context = {
        "one": one,
        "kind": PLACES[one.kind],
        "beneath_kind": "自然村" if one.kind == "village" else "村",
        "people": [
            (person, duty)
            for person in serving
            for duty in person.duties
            if duty.area_code in here and (one.kind == "village" or duty.area_code == code)
        ],
        "history": history(actor, "division", code, now),
        "now": now,
    }
    return page(request, "county/people/place.html", TAB, context)


@gate.page(actions.add_unit, methods=("GET", "POST"))
def new_unit(request: Request) -> HttpResponse:
    """/county/people/places/new"""
    sheet = DESK.sheet(
        request,
        "添一个乡镇级单位",
        "添上",
        reverse(TAB),
        subject="区划表里没有的，比如经济开发区。",
    )

    def act(typed: Mapping[str, Any]) -> None:
        actions.add_unit(typed["name"], typed["code"], by=request.actor)

    return answered(request, sheet, forms.Unit(sent(request)), act, said="添好了。")


@gate.page(actions.add_natural_village, methods=("GET", "POST"))
def new_natural(request: Request, code: str) -> HttpResponse:
    """/county/people/places/<code>/natural"""
    one = place_found(request.actor, code)
    sheet = DESK.sheet(request, "添一个自然村", "添上", address(code), subject=one.name)

    def act(typed: Mapping[str, Any]) -> None:
        actions.add_natural_village(code, typed["name"], by=request.actor)

    return answered(request, sheet, forms.Name(sent(request)), act, said="自然村添好了。")


@gate.page(actions.rename_division, methods=("GET", "POST"))
def rename(request: Request, code: str) -> HttpResponse:
    """/county/people/places/<code>/rename"""
    one = place_found(request.actor, code)
    form = forms.Name(sent(request), initial={"name": one.name})
    sheet = DESK.sheet(
        request,
        "改名",
        "改名",
        address(code),
        subject=one.name,
        warning="编码不变，老单子跟着显示新名。",
    )

    def act(typed: Mapping[str, Any]) -> None:
        actions.rename_division(code, typed["name"], by=request.actor)

    return answered(request, sheet, form, act, said="名字改好了。")


@gate.page(actions.close_division, methods=("GET", "POST"))
def close(request: Request, code: str) -> HttpResponse:
    """/county/people/places/<code>/close"""
    one = place_found(request.actor, code)
    sheet = DESK.sheet(
        request,
        "停用这个地方",
        "停用",
        address(code),
        subject=one.name,
        warning="撤并了才停用：群众登记时不能再选它，登记过的人和单子都留着。停错了可以重新启用。",
    )

    def act(typed: Mapping[str, Any]) -> None:
        actions.close_division(code, by=request.actor)

    return answered(request, sheet, forms.Nothing(sent(request)), act, said="停用了。")


@gate.page(actions.reopen_division, methods=("GET", "POST"))
def reopen(request: Request, code: str) -> HttpResponse:
    """/county/people/places/<code>/reopen"""
    one = place_found(request.actor, code)
    sheet = DESK.sheet(request, "重新启用", "启用", address(code), subject=one.name)

    def act(typed: Mapping[str, Any]) -> None:
        actions.reopen_division(code, by=request.actor)

    return answered(request, sheet, forms.Nothing(sent(request)), act, said="又启用了。")


@gate.page(actions.set_village_banks, methods=("GET", "POST"))
def village_bank(request: Request, code: str) -> HttpResponse:
    """/county/people/places/<code>/bank"""
    one = place_found(request.actor, code)
    form = forms.VillageBank(banks(request.actor), sent(request))
    sheet = DESK.sheet(
        request, "定包村银行", "定下来", address(code), subject=one.name,
        warning="没人接的单子先请它来办。",
    )  # fmt: skip

    def act(typed: Mapping[str, Any]) -> None:
        actions.set_village_banks([(code, typed["bank"])], by=request.actor)

    return answered(request, sheet, form, act, said="包村银行定好了。")
