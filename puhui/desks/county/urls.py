"""Addresses of the county pages."""

from django.urls import URLPattern, path

from puhui.desks.county import (
    alarms,
    banks,
    bulletins,
    cases,
    figures,
    integrity,
    lists,
    outreach,
    rules,
    screens,
    supervision,
    survey,
)

CASE = "cases/<slug:ref>"
ENGAGEMENT = f"{CASE}/engagements/<slug:engagement>"
BULLETIN = "bulletins/<slug:ref>"
CALL = "survey/calls/<slug:ref>"
CASE_OF_MONEY = "integrity/<slug:ref>"
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
    path(f"{CASE}/money", integrity.report, name="county-money"),
    path("integrity/", integrity.cases, name="county-integrity"),
    path(f"{CASE_OF_MONEY}/", integrity.case, name="county-integrity-case"),
    path(f"{CASE_OF_MONEY}/hand", integrity.hand, name="county-integrity-hand"),
    path(f"{CASE_OF_MONEY}/note", integrity.note, name="county-integrity-note"),
    path(f"{CASE_OF_MONEY}/close", integrity.close, name="county-integrity-close"),
    path("survey/", survey.survey, name="county-survey"),
    path("survey/<slug:day>/", survey.draw, name="county-survey-draw"),
    path(f"{CALL}/phone", survey.call, name="county-survey-call"),
    path(f"{CALL}/answers", survey.answers, name="county-survey-answers"),
    path(f"{CALL}/missed", survey.miss, name="county-survey-miss"),
    path(f"{CALL}/declined", survey.decline, name="county-survey-decline"),
    path("banks/", banks.banks, name="county-banks"),
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
    path("rules/", rules.rules, name="county-rules"),
    path("rules/change", rules.change, name="county-rules-change"),
    path("rules/duty-day", rules.duty_day, name="county-duty-day"),
    path("rules/calendar", rules.calendar, name="county-calendar"),
    path("alarms", alarms.alarms, name="county-alarms"),
    path("alarms/messages/<uuid:message>/again", alarms.send_again, name="county-send-again"),
    path("outreach/", outreach.events, name="county-outreach"),
    path("outreach/plan", outreach.plan, name="county-outreach-plan"),
    path("outreach/<slug:ref>/log", outreach.log, name="county-outreach-log"),
    path("outreach/<slug:ref>/cancel", outreach.cancel, name="county-outreach-cancel"),
]
