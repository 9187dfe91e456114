"""码上贷: a product's code, which leads whoever scans it straight into a request to its bank."""

from __future__ import annotations

import io
from urllib.parse import urlencode

import segno
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe

from puhui.catalogue import queries as catalogue
from puhui.desks.public import product_view
from puhui.desks.shared.gate import Request, page

A_DAY = "public, max-age=86400"
PIXELS = 12
KINDS = {"svg": "image/svg+xml", "png": "image/png"}


def door_of(request: Request, ref: str) -> str:
    """The address behind the code; it holds the product and nothing of a person."""
    return request.build_absolute_uri(f"/ask/?{urlencode({'product': ref})}")


@page(catalogue.product)
def code(request: Request, ref: str, kind: str) -> HttpResponse:
    """The code alone, to be put on a leaflet: SVG for print, PNG for a message."""
    found = catalogue.product(request.actor, ref)
    made, drawn = segno.make(door_of(request, found.ref), error="m"), io.BytesIO()
    made.save(drawn, kind=kind, scale=PIXELS, border=4)
    response = HttpResponse(drawn.getvalue(), content_type=KINDS[kind])
    response["Cache-Control"] = A_DAY
    response["Content-Disposition"] = f'inline; filename="{found.ref}.{kind}"'
    return response


@page(catalogue.product)
def poster(request: Request, ref: str) -> HttpResponse:
    """A poster of A5 for a counter or a village board."""
    found = catalogue.product(request.actor, ref)
    made = segno.make(door_of(request, found.ref), error="m")
    picture = made.svg_inline(scale=8, border=1, omitsize=True)
    context = {
        "product": found,
        **product_view.facts(found),
        "picture": mark_safe(picture),  # noqa: S308 - drawn by segno from our own address
    }
    return render(request, "public/poster.html", context)
