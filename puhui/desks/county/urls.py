"""Addresses of the county pages."""

from django.urls import URLPattern, path

from puhui.desks.county import alarms, banks, cases, figures, lists, rules, supervision

CASE = "cases/<slug:ref>"
ENGAGEMENT = f"{CASE}/engagements/<slug:engagement>"
FOLLOW_UP = f"{CASE}/follow-ups/<slug:follow_up>"

urlpatterns: list[URLPattern] = [
    path("", lists.lists_page, name="county-desk"),
    path("lists", lists.lists_part, name="county-lists"),
    path("definitions", lists.definitions, name="county-definitions"),
    path("cases/", cases.cases, name="county-cases"),
    path(f"{CASE}/", cases.case, name="county-case"),
    path(f"{CASE}/phone", cases.phone, name="county-phone"),
    path(f"{CASE}/note", cases.note, name="county-note"),
    path(f"{CASE}/keep-all", cases.keep_all, name="county-keep-all"),
    path(f"{CASE}/push", cases.push, name="county-push"),
    path(f"{CASE}/mismatches/<slug:kind>", cases.settle, name="county-settle"),
    path(FOLLOW_UP, cases.where_to, name="county-where-to"),
    path(f"{FOLLOW_UP}/hand", cases.hand, name="county-hand"),
    path(f"{ENGAGEMENT}/nudge", cases.nudge, name="county-nudge"),
    path(f"{ENGAGEMENT}/reassign", cases.reassign, name="county-reassign"),
    path("supervision/", supervision.ledger, name="county-supervision"),
    path("supervision/<slug:ref>/log", supervision.log, name="county-log"),
    path("banks/", banks.banks, name="county-banks"),
    path("figures/", figures.figures, name="county-figures"),
    path("figures/population", figures.population, name="county-population"),
    path("rules/", rules.rules, name="county-rules"),
    path("rules/change", rules.change, name="county-rules-change"),
    path("rules/duty-day", rules.duty_day, name="county-duty-day"),
    path("rules/calendar", rules.calendar, name="county-calendar"),
    path("alarms", alarms.alarms, name="county-alarms"),
    path("alarms/messages/<uuid:message>/again", alarms.send_again, name="county-send-again"),
]
