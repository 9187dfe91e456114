"""What the platform told a member of staff: unread first to be seen, each leads to its case."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse
from django.utils.http import urlencode

from puhui.desks.shared.gate import Request, page
from puhui.desks.shared.nav import Bar, Link
from puhui.desks.shared.sheets import desk_page
from puhui.kernel.actor import Actor, Role
from puhui.kernel.clock import moment_text
from puhui.kernel.command import database_now
from puhui.notices import actions, queries

HOMES = {
    Role.VILLAGE_COMMISSIONER: "village-desk",
    Role.LOAN_OFFICER: "bank-desk",
    Role.BANK_ADMIN: "bank-desk",
    Role.TOWNSHIP_ADMIN: "township-desk",
    Role.COUNTY_SUPERVISOR: "county-desk",
    Role.COUNTY_ADMIN: "county-desk",
    Role.AUDITOR: "county-desk",
}
CASES = {
    Role.LOAN_OFFICER: "bank-demand",
    Role.BANK_ADMIN: "bank-demand",
    Role.TOWNSHIP_ADMIN: "township-case",
    Role.COUNTY_SUPERVISOR: "county-case",
    Role.COUNTY_ADMIN: "county-case",
    Role.AUDITOR: "county-case",
}


@page(queries.inbox, queries.unread)
def inbox(request: Request) -> HttpResponse:
    """/staff/inbox/?only=unread: newest first; looking changes nothing, a press marks as read."""
    now, lines = database_now(), queries.inbox(request.actor)
    only = request.GET.get("only") == "unread"
    rows = [
        (moment_text(one.at, now=now), one, case_of(request.actor, one.subject_ref))
        for one in lines
        if not (only and one.is_read)
    ]
    home = _address(HOMES, request.actor)
    context = {
        "desk_name": "消息",
        "nav": Bar((Link("回到桌面", home, False),) if home else ()),
        "rows": rows,
        "only": only,
        "count": len(lines),
        "unread": sum(not one.is_read for one in lines),
    }
    return desk_page(request, "staff/inbox.html", context)


@page(actions.mark_read, queries.inbox, methods=("POST",))
def seen(request: Request) -> HttpResponse:
    """/staff/inbox/seen: everything, or the one line that is named; on to its case if asked."""
    lines, wanted = queries.inbox(request.actor), request.POST.get("line", "")
    chosen = [one for one in lines if wanted in ("", str(one.id))]
    actions.mark_read([one.id for one in chosen], by=request.actor)
    address = case_of(request.actor, chosen[0].subject_ref) if wanted and chosen else ""
    if address and "open" in request.POST:
        return redirect(address)
    kept = {"only": "unread"} if request.POST.get("only") else {}
    return redirect(f"{reverse('staff-inbox')}?{urlencode(kept)}" if kept else "staff-inbox")


def case_of(actor: Actor, ref: str) -> str:
    """Where the reader's own desk shows the case, or nothing."""
    return _address(CASES, actor, ref) if ref else ""


def _address(names: dict[Role, str], actor: Actor, *args: str) -> str:
    try:
        return reverse(names[actor.role], args=args)
    except (KeyError, NoReverseMatch):
        return ""
