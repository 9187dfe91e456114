"""Anybody may verify a printed bulletin by the code on it."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from puhui.desks.shared.gate import Request, page
from puhui.kernel.clock import local
from puhui.oversight import queries


@page(queries.verified_bulletin)
def bulletin(request: Request, code: str) -> HttpResponse:
    """/verify/<code>/"""
    found = queries.verified_bulletin(request.actor, code)
    context = {
        "one": found,
        "month": f"{found.month.year} 年 {found.month.month} 月",
        "issued": f"{local(found.issued_at):%Y-%m-%d %H:%M}",
    }
    return render(request, "public/verified.html", context)
