"""The bank directory for everybody: all banks, one bank, the bank of one's village (M021)."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from puhui.catalogue import queries as catalogue
from puhui.catalogue.directory import queries as entries
from puhui.catalogue.directory.terms import EntryKind
from puhui.desks.public import banks_view
from puhui.desks.shared.gate import Request, page
from puhui.kernel.command import NOT_FOUND, Refused
from puhui.parties import queries as parties

LONGEST_WORDS = 20


@page(parties.banks, parties.branches, entries.directory, parties.responsible_bank)
def banks(request: Request) -> HttpResponse:
    """/banks/?q=&township=&village=: who there is, narrowed; nothing typed asks for all."""
    actor, asked = request.actor, request.GET
    words, township = asked.get("q", "").strip()[:LONGEST_WORDS], asked.get("township", "")[:16]
    townships = parties.townships(actor)
    chosen = next((one for one in townships if one.code == township), None)
    villages = parties.villages(actor, chosen.code) if chosen else []
    village = next((one for one in villages if one.code == asked.get("village", "")), None)
    everyone = parties.banks(actor)
    branches = parties.branches(actor, township_code=chosen.code if chosen else "")
    context = {
        "rows": banks_view.rows(everyone, branches, catalogue.products(actor), words, chosen),
        "count": len(everyone),
        "found": entries.directory(actor, words=words) if words else [],
        "q": words,
        "townships": townships,
        "chosen": chosen,
        "villages": villages,
        "village": village,
        "responsible": parties.responsible_bank(actor, village.code) if village else None,
        "tiles": banks_view.tiles(townships, parties.branches(actor)),
    }
    return render(request, "public/banks.html", context)


@page(parties.bank, entries.directory, catalogue.products, parties.branches)
def bank(request: Request, ref: str) -> HttpResponse:
    """/banks/<ref>/: policies, products, branches, phones, quick loans, answers, hours."""
    actor = request.actor
    found = parties.bank(actor, ref)
    written = entries.directory(actor, bank_ref=ref)
    context = {
        "bank": found,
        "parts": {kind.value: [one for one in written if one.kind == kind] for kind in EntryKind},
        "products": catalogue.products(actor, bank_ref=ref),
        "places": banks_view.by_township(parties.branches(actor, bank_ref=ref)),
    }
    return render(request, "public/bank.html", context)


@page(entries.directory_entry)
def leaving(request: Request, ref: str, entry: str) -> HttpResponse:
    """/banks/<ref>/go/<entry>: one leaves the platform for the bank's own page, knowingly."""
    found = entries.directory_entry(request.actor, entry)
    if found.bank_ref != ref or found.kind != EntryKind.QUICK_LOAN:
        raise Refused(NOT_FOUND)
    context = {"entry": found, "host": banks_view.host_of(found.address)}
    return render(request, "public/leaving.html", context)
