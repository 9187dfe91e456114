"""Messages, consents, and who looked at my data."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from puhui.consent import actions as consent_actions
from puhui.consent import queries as consents
from puhui.desks.resident.words import unbroken
from puhui.desks.shared.gate import Request, page
from puhui.kernel.clock import day_text, local_date, minute_text
from puhui.notices import actions as notice_actions
from puhui.notices import queries as notices


@page(notices.inbox, notice_actions.mark_read)
def messages(request: Request) -> HttpResponse:
    """What the platform told me, newest first; what is shown counts as read."""
    found = notices.inbox(request.actor)
    lines = [
        (f"{day_text(local_date(one.at))} {minute_text(one.at)}", unbroken(one.words), one)
        for one in found
    ]
    if unread := [one.id for one in found if not one.is_read]:
        notice_actions.mark_read(unread, by=request.actor)
    return render(request, "resident/messages.html", {"lines": lines})


@page(consents.my_consents, consents.my_disclosures)
def data(request: Request) -> HttpResponse:
    """To whom I gave what, and who looked at it (谁看过我的资料)."""
    context = {
        "consents": consents.my_consents(request.actor),
        "disclosures": consents.my_disclosures(request.actor),
    }
    return render(request, "resident/data.html", context)


@page(consents.letter)
def letter(request: Request, ref: str) -> HttpResponse:
    """The letter of consent as it was given."""
    return render(request, "resident/letter.html", {"words": consents.letter(request.actor, ref)})


@page(consent_actions.revoke_consent, consents.my_consents, methods=("GET", "POST"))
def revoke(request: Request, ref: str) -> HttpResponse:
    """Take a consent back, after being told what follows."""
    if request.method == "POST":
        consent_actions.revoke_consent(ref, by=request.actor)
        return redirect("/my/data")
    found = next((one for one in consents.my_consents(request.actor) if one.ref == ref), None)
    if found is None:
        raise Http404
    return render(request, "resident/revoke.html", {"consent": found})
