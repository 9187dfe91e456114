"""How the county stands: organisations, people, places, villages without anybody (M018)."""

from __future__ import annotations

from django.http import HttpResponse

from puhui.desks.county.people.words import PLACES, day, page
from puhui.desks.shared import gate
from puhui.desks.shared.gate import Request
from puhui.desks.shared.spreadsheets import table_response
from puhui.kernel.clock import local_date
from puhui.kernel.command import database_now
from puhui.parties import queries as parties
from puhui.parties.queries.administration import organisation_rows
from puhui.parties.queries.staffing import StaffGap

HEADING = ("乡镇", "村", "哪一级", "编码", "哪天起没人", "空了几天")


@gate.page(parties.staff_coverage)
def home(request: Request) -> HttpResponse:
    """/county/people/: coverage by township and the gaps beneath; `format` takes the gaps away."""
    wanted = request.GET.get("township", "")[:12]
    gaps = parties.staff_gaps(request.actor, wanted)
    kind, now = request.GET.get("format", ""), database_now()
    if kind in ("csv", "xlsx"):
        name = f"没有专员的村 {local_date(now)}"
        return table_response(kind, name, HEADING, [_cells(one) for one in gaps])
    rows = parties.staff_coverage(request.actor)
    context = {
        "rows": rows,
        "gaps": [
            {"one": one, "kind": PLACES[one.kind], "since": day(one.vacant_since)} for one in gaps
        ],
        "wanted": wanted,
        "wanted_name": next((one.name for one in rows if one.code == wanted), ""),
        "totals": {
            name: sum(getattr(one, name) for one in rows)
            for name in ("villages", "natural_villages", "deputies", "specialists", "gaps")
        },
        "organisations": [one for one in organisation_rows(request.actor) if one.is_active],
        "now": now,
    }
    return page(request, "county/people/home.html", "county-people", context)


def _cells(one: StaffGap) -> list[object]:
    place = f"{one.village}/{one.name}" if one.village else one.name
    return [
        one.township,
        place,
        PLACES[one.kind],
        one.code,
        day(one.vacant_since) or "一直没有",
        "" if one.vacant_days is None else one.vacant_days,
    ]
