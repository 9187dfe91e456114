"""The places: what is in each, one entry, a table to take away, a file."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render

from puhui.content import queries
from puhui.desks.public import place_view
from puhui.desks.shared.downloads import attached, downloaded
from puhui.desks.shared.gate import Request, page
from puhui.parties import queries as parties


@page(queries.entries, queries.table, queries.guide, parties.county)
def place(request: Request, place: str) -> HttpResponse:
    """/places/<place>/: its sections, narrowed by what the address asks for."""
    found = place_view.place(request.actor, place, place_view.asked(request.GET))
    if found is None:
        raise Http404
    return render(request, "public/place.html", {"at": found})


@page(queries.entry, parties.county)
def entry(request: Request, place: str, ref: str) -> HttpResponse:
    """/places/<place>/<ref>/"""
    number = place_view.asked(request.GET).page
    found = place_view.entry(request.actor, place, ref, number)
    if found is None:
        raise Http404
    return render(request, "public/entry.html", {"at": found})


@page(queries.table_file)
def table(request: Request, place: str, ref: str) -> HttpResponse:
    """/places/<place>/<ref>/table.xlsx"""
    name, body = queries.table_file(request.actor, ref)
    return downloaded(f"{name}.xlsx", body)


@page(queries.attachment)
def file(request: Request, place: str, ref: str, number: int) -> HttpResponse:
    """/places/<place>/<ref>/files/<number>/"""
    name, found = queries.attachment(request.actor, ref, number)
    return attached(name, found)
