"""A bank waits for the applicant, who has said so: who waits for what, and how it ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from puhui.desks.resident.waiting.terms import Button, Waiting
from puhui.market.queries.views import DemandView, EngagementView


def with_pause(demand: DemandView, live: Sequence[EngagementView], said: Waiting) -> Waiting:
    """The page with one line and one button more while a confirmed pause runs."""
    one = next((each for each in live if each.pause and each.pause.confirmed_at), None)
    if one is None or one.pause is None:
        return said
    ready = Button("我准备好了，接着办", f"/my/{demand.ref}/ready/{one.ref}", value="ready")
    return replace(
        said,
        small=f"{said.small}{one.bank_name}在等您：{one.pause.words}。",
        buttons=(*said.buttons, ready),
    )
