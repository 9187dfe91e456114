"""Addresses of the county pages."""

from django.urls import URLPattern, URLResolver, include, path

from puhui.desks.county import (
    alarms,
    banks,
    bulletins,
    cases,
    endings,
    figures,
    integrity,
    lists,
    orders,
    products,
    returns,
    rules,
    screens,
    supervision,
    survey,
)
from puhui.desks.county.chrome import DESK
from puhui.desks.county.people import residents
from puhui.desks.shared.editing import routes as editing
from puhui.desks.shared.outreach import routes as outreach
from puhui.desks.shared.watching.routes import routes_of
from puhui.market.queries import county_lists

CASE = "cases/<slug:ref>"
ENGAGEMENT = f"{CASE}/engagements/<slug:engagement>"
FOLLOW_UP = f"{CASE}/follow-ups/<slug:follow_up>"
MISMATCH = f"{CASE}/mismatches/<slug:kind>"
ORDER = "orders/<slug:ref>"
MONEY = "integrity/<slug:ref>"
CALL = "survey/calls/<slug:ref>"
BULLETIN = "bulletins/<slug:ref>"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", lists.lists_page, name="county-desk"),
    path("lists", lists.lists_part, name="county-lists"),
    path("find", residents.find, name="county-find"),
    path("definitions", lists.definitions, name="county-definitions"),
    path("endings/", endings.endings, name="county-endings"),
    # Cases, and what the county does in one.
    path("cases/", cases.cases, name="county-cases"),
    path(f"{CASE}/", cases.case, name="county-case"),
    path(f"{CASE}/phone", cases.phone, name="county-phone"),
    path(f"{CASE}/note", cases.note, name="county-note"),
    path(f"{CASE}/keep-all", cases.keep_all, name="county-keep-all"),
    path(f"{CASE}/push", cases.push, name="county-push"),
    path(f"{CASE}/money", integrity.report, name="county-money"),
    path(MISMATCH, cases.settle, name="county-settle"),
    path(f"{MISMATCH}/ask/<slug:engagement>", cases.ask_again, name="county-ask"),
    path(f"{MISMATCH}/bank/<slug:engagement>", cases.ask_bank, name="county-ask-bank"),
    path(FOLLOW_UP, cases.where_to, name="county-where-to"),
    path(f"{FOLLOW_UP}/hand", cases.hand, name="county-hand"),
    path(f"{ENGAGEMENT}/nudge", cases.nudge, name="county-nudge"),
    path(f"{ENGAGEMENT}/reassign", cases.reassign, name="county-reassign"),
    # What the county asks of banks.
    path("supervision/", supervision.ledger, name="county-supervision"),
    path("supervision/<slug:ref>/log", supervision.log, name="county-log"),
    path("orders/", orders.orders, name="county-orders"),
    path(f"{ORDER}/", orders.order, name="county-order"),
    path(f"{ORDER}/close", orders.close, name="county-order-close"),
    path("banks/", banks.banks, name="county-banks"),
    path("banks/<slug:bank>/order", orders.issue, name="county-order-issue"),
    path("returns/", returns.differences, name="county-returns"),
    path("returns/<uuid:difference>/settle", returns.settle, name="county-return-settle"),
    # What people tell the county.
    path("integrity/", integrity.cases, name="county-integrity"),
    path(f"{MONEY}/", integrity.case, name="county-integrity-case"),
    path(f"{MONEY}/hand", integrity.hand, name="county-integrity-hand"),
    path(f"{MONEY}/note", integrity.note, name="county-integrity-note"),
    path(f"{MONEY}/close", integrity.close, name="county-integrity-close"),
    path("survey/", survey.survey, name="county-survey"),
    path("survey/<slug:day>/", survey.draw, name="county-survey-draw"),
    path(f"{CALL}/phone", survey.call, name="county-survey-call"),
    path(f"{CALL}/answers", survey.answers, name="county-survey-answers"),
    path(f"{CALL}/missed", survey.miss, name="county-survey-miss"),
    path(f"{CALL}/declined", survey.decline, name="county-survey-decline"),
    # Figures, bulletins, screens.
    path("figures/", figures.figures, name="county-figures"),
    path("figures/population", figures.population, name="county-population"),
    path("bulletins/", bulletins.bulletins, name="county-bulletins"),
    path("bulletins/draft", bulletins.draft, name="county-bulletin-draft"),
    path(f"{BULLETIN}/", bulletins.bulletin, name="county-bulletin"),
    path(f"{BULLETIN}/file.<slug:kind>", bulletins.file, name="county-bulletin-file"),
    path(f"{BULLETIN}/edit", bulletins.edit, name="county-bulletin-edit"),
    path(f"{BULLETIN}/recount", bulletins.recount, name="county-bulletin-recount"),
    path(f"{BULLETIN}/discard", bulletins.discard, name="county-bulletin-discard"),
    path(f"{BULLETIN}/issue", bulletins.issue, name="county-bulletin-issue"),
    path(f"{BULLETIN}/correct", bulletins.correct, name="county-bulletin-correct"),
    path("screens/", screens.screens, name="county-screens"),
    path("screens/issue", screens.issue, name="county-screen-issue"),
    path("screens/<slug:ref>/revoke", screens.revoke, name="county-screen-revoke"),
    # What runs the platform, and what people read.
    path("people/", include("puhui.desks.county.people.urls")),
    path("rules/", rules.rules, name="county-rules"),
    path("rules/change", rules.change, name="county-rules-change"),
    path("rules/duty-day", rules.duty_day, name="county-duty-day"),
    path("rules/calendar", rules.calendar, name="county-calendar"),
    path("alarms", alarms.alarms, name="county-alarms"),
    path("alarms/messages/<uuid:message>/again", alarms.send_again, name="county-send-again"),
    path("products/", products.products, name="county-products"),
    path("products/<slug:ref>/pin", products.pin, name="county-pin"),
    *routes_of(DESK, outreach.ROUTES, county_lists),
    *routes_of(DESK, editing.COUNTY_ROUTES),
]
