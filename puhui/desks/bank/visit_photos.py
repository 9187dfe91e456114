"""Pictures of a visit: added, looked at, taken away again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.urls import reverse

from puhui.desks.bank.case_words import how_much, what
from puhui.desks.bank.chrome import bank_sheet
from puhui.desks.bank.forms import Nothing
from puhui.desks.shared.downloads import attached
from puhui.desks.shared.gate import Request, page
from puhui.desks.shared.sheets import answered, sent
from puhui.desks.shared.typed import Typed
from puhui.files import queries as files
from puhui.files.terms import LARGEST, MEGABYTE, Kind
from puhui.market import actions, queries

BOTH = ("GET", "POST")


class Picture(Typed, forms.FileField):
    """A photograph; on a phone the camera opens."""

    is_wide = True

    def __init__(self) -> None:
        super().__init__(
            "照片",
            widget=forms.FileInput({"accept": "image/jpeg,image/png,image/webp"}),
            empty="请选一张照片。",
            help_text=f"最大 {LARGEST // MEGABYTE} MB。拍摄地点和机型会自动去掉。",
        )

    def clean(self, data: Any, initial: Any = None) -> Any:
        if data and data.size > LARGEST:
            raise ValidationError(f"照片太大了，最大 {LARGEST // MEGABYTE} MB。")
        return super().clean(data, initial)


class Adding(forms.Form):
    file = Picture()


@page(actions.add_visit_photo, files.cleaned, queries.engagement, methods=BOTH)
def add(request: Request, ref: str) -> HttpResponse:
    """/bank/engagements/<ref>/photos"""
    case = queries.engagement(request.actor, ref)

    def act(typed: Mapping[str, Any]) -> None:
        photo = files.cleaned(request.actor, typed["file"].read(), kinds=(Kind.PICTURE,))
        actions.add_visit_photo(ref, photo, by=request.actor)

    sheet = bank_sheet(
        request,
        "留一张上门照片",
        "留下",
        reverse("bank-case", args=[ref]),
        subject=f"{case.contact_code} {case.name_masked} · {what(case)} {how_much(case)}",
        warning="只拍圈舍、大棚、货这些要看的，不拍人脸和证件。客户自己也看得到。",
    )
    form = Adding(sent(request), request.FILES or None)
    return answered(request, sheet, form, act, said="照片留下了，客户也看得到。")


@page(queries.has_engagement, queries.visit_photo)
def picture(request: Request, ref: str, photo: UUID) -> HttpResponse:
    """/bank/engagements/<ref>/photos/<id>"""
    queries.has_engagement(request.actor, ref)
    return attached("上门照片", queries.visit_photo(request.actor, photo))


@page(actions.drop_visit_photo, queries.engagement, methods=BOTH)
def drop(request: Request, ref: str, photo: UUID) -> HttpResponse:
    """/bank/engagements/<ref>/photos/<id>/drop"""
    queries.engagement(request.actor, ref)

    def act(typed: Mapping[str, Any]) -> None:
        actions.drop_visit_photo(photo, by=request.actor)

    back = reverse("bank-case", args=[ref])
    sheet = bank_sheet(request, "删掉这张照片", "删掉", back, warning="删了找不回来。")
    return answered(request, sheet, Nothing(sent(request)), act, said="照片删掉了。")
