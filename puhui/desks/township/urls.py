"""Addresses of the township pages."""

from django.urls import URLPattern, path

from puhui.desks.shared.editing import routes as editing
from puhui.desks.shared.outreach import routes as outreach
from puhui.desks.shared.watching.routes import routes_of
from puhui.desks.township import cases, lists, villages
from puhui.desks.township.chrome import DESK
from puhui.market.queries import township_lists

CASE = "cases/<slug:ref>"

urlpatterns: list[URLPattern] = [
    path("", lists.lists_page, name="township-desk"),
    path("lists", lists.lists_part, name="township-lists"),
    path("find", cases.find, name="township-find"),
    path("cases/", cases.cases, name="township-cases"),
    path("supervision/", cases.supervision, name="township-supervision"),
    path(f"{CASE}/", cases.case, name="township-case"),
    path(f"{CASE}/phone", cases.phone, name="township-phone"),
    path(f"{CASE}/note", cases.note, name="township-note"),
    path(f"{CASE}/keep-all", cases.keep_all, name="township-keep-all"),
    path(f"{CASE}/follow-ups/<slug:follow_up>", cases.where_to, name="township-where-to"),
    path(f"{CASE}/engagements/<slug:engagement>/nudge", cases.nudge, name="township-nudge"),
    *routes_of(DESK, outreach.ROUTES, township_lists),
    *routes_of(DESK, editing.ROUTES, township_lists),
    path("rechecks/<slug:ref>", villages.recheck, name="township-recheck"),
    path("rechecks/<slug:ref>/phone", villages.recheck_phone, name="township-recheck-phone"),
    path("villages/<slug:village>/vacancy", villages.vacancy, name="township-vacancy"),
]
