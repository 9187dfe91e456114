"""Figures with their pedigree, and the denominators that the county brings."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.http import HttpResponse

from puhui.desks.county.chrome import DESK
from puhui.desks.county.figures_view import context, export_rows
from puhui.desks.shared.gate import Request, page
from puhui.desks.shared.sheets import answered
from puhui.desks.shared.spreadsheets import table_response
from puhui.desks.shared.typed import Day, Whole, Words
from puhui.kernel.clock import day_from, local_date
from puhui.kernel.command import FieldError, Invalid
from puhui.oversight import actions, queries
from puhui.oversight.terms import ROLL, Refusals
from puhui.parties import queries as parties

HEADING = ("数", "值", "占比或金额", "算什么", "分母", "截至")


@page(queries.board)
def figures(request: Request) -> HttpResponse:
    """/county/figures/"""
    found = queries.board(request.actor)
    kind = request.GET.get("format", "")
    if kind in ("csv", "xlsx"):
        name = f"指标 {local_date(found.as_of)}"
        return table_response(kind, name, HEADING, export_rows(found))
    may_edit = actions.set_population.policy.allows(request.actor)  # type: ignore[attr-defined]
    return DESK.page(request, "county/figures.html", {**context(found), "may_edit": may_edit})


class People(forms.Form):
    """Age-eligible residents of every township on one day, with the source."""

    as_of = Day("截至哪天", empty="请填截至哪天。")
    source = Words("从哪来", 100, empty="请写明从哪来的。", wide=True)

    def __init__(self, places: list[tuple[str, str]], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.codes = {f"t{code}": code for code, _name in places}
        for code, name in places:
            self.fields[f"t{code}"] = Whole(name, 1, 9_999_999, required=False, unit="人")


@page(actions.set_population, queries.coverage, methods=("GET", "POST"))
def population(request: Request) -> HttpResponse:
    """/county/figures/population"""
    known = queries.coverage(request.actor)
    places = sorted((one.code, one.name) for one in parties.townships(request.actor))
    brought = [one for one in known.places if one.source not in ("", ROLL)]
    before: dict[str, object] = {f"t{one.code}": one.people for one in brought}
    if brought:
        before |= {"as_of": str(brought[0].as_of), "source": brought[0].source}
    form = People(places, request.POST or None, initial=before)
    sheet = DESK.sheet(
        request,
        "常住适龄人口",
        "存下来",
        DESK.url("figures"),
        warning="这是“注册覆盖”的分母。空着的乡镇不算比例；同一天再填就替换，往日的留着。",
    )

    def act(typed: Mapping[str, Any]) -> None:
        people = {code: typed[name] for name, code in form.codes.items() if typed.get(name)}
        try:
            actions.set_population(people, _day(typed), typed["source"], by=request.actor)
        except Invalid as invalid:
            raise Invalid([_beside(form, one) for one in invalid.errors]) from None

    return answered(request, sheet, form, act, said="存好了，比例按新的分母算。")


def _day(typed: Mapping[str, Any]) -> date:
    try:
        return day_from(typed["as_of"])
    except ValueError:
        one = Refusals.AS_OF
        raise Invalid([FieldError("as_of", one.code, one.sentence)]) from None


def _beside(form: People, error: FieldError) -> FieldError:
    """The error at the field that stands for the place."""
    name = f"t{error.field}" if f"t{error.field}" in form.fields else error.field
    return FieldError(name, error.code, error.sentence)
