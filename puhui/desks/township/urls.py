"""Addresses of the township pages."""

from django.urls import URLPattern, path

from puhui.desks.township import cases, lists, outreach

CASE = "cases/<slug:ref>"

urlpatterns: list[URLPattern] = [
    path("", lists.lists_page, name="township-desk"),
    path("lists", lists.lists_part, name="township-lists"),
    path("cases/", cases.cases, name="township-cases"),
    path(f"{CASE}/", cases.case, name="township-case"),
    path(f"{CASE}/phone", cases.phone, name="township-phone"),
    path(f"{CASE}/note", cases.note, name="township-note"),
    path(f"{CASE}/keep-all", cases.keep_all, name="township-keep-all"),
    path(f"{CASE}/follow-ups/<slug:follow_up>", cases.where_to, name="township-where-to"),
    path(f"{CASE}/engagements/<slug:engagement>/nudge", cases.nudge, name="township-nudge"),
    path("outreach/", outreach.events, name="township-outreach"),
    path("outreach/plan", outreach.plan, name="township-outreach-plan"),
    path("outreach/<slug:ref>/log", outreach.log, name="township-outreach-log"),
    path("outreach/<slug:ref>/cancel", outreach.cancel, name="township-outreach-cancel"),
]
