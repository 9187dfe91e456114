"""Where the pages of outreach events stand beneath a desk."""

from puhui.desks.shared.outreach import pages
from puhui.desks.shared.watching.routes import BOTH, Route
from puhui.outreach import actions, queries

EVENT = "outreach/<slug:ref>"
ROUTES = (
    Route("outreach/", "outreach", pages.events, (queries.events, queries.event_counts)),
    Route("outreach/plan", "outreach-plan", pages.plan, (actions.plan_event,), BOTH),
    Route(f"{EVENT}/log", "outreach-log", pages.log, (actions.log_event, queries.event), BOTH),
    Route(
        f"{EVENT}/cancel",
        "outreach-cancel",
        pages.cancel,
        (actions.cancel_event, queries.event),
        BOTH,
    ),
)
