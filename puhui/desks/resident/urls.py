"""Addresses of the resident pages."""

from django.urls import URLPattern, path

from puhui.desks.resident import (
    asking,
    cases,
    enquiries,
    papers,
    plans,
    sending,
    signing_in,
    speaking,
)

urlpatterns: list[URLPattern] = [
    path("ask/", asking.start, name="ask"),
    path("ask/1", asking.amount, name="ask-1"),
    path("ask/2", asking.term, name="ask-2"),
    path("ask/3", asking.person, name="ask-3"),
    path("ask/4", sending.check, name="ask-4"),
    path("ask/villages", asking.villages, name="ask-villages"),
    path("ask/consent", asking.consent, name="ask-consent"),
    path("ask/another", sending.another, name="ask-another"),
    path("sign-in", signing_in.sign_in, name="sign-in"),
    path("sign-in/who", signing_in.who, name="sign-in-who"),
    path("sign-out", signing_in.sign_out, name="sign-out"),
    path("my/", cases.mine, name="my"),
    path("my/messages", papers.messages, name="my-messages"),
    path("my/data", papers.data, name="my-data"),
    path("my/data/<str:ref>", papers.letter, name="my-letter"),
    path("my/data/<str:ref>/revoke", papers.revoke, name="my-revoke"),
    path("my/<str:ref>/", cases.waiting_page, name="my-demand"),
    path("my/<str:ref>/answer", cases.answer, name="my-answer"),
    path("my/<str:ref>/call-time", cases.call_time, name="my-call-time"),
    path("my/<str:ref>/ask/<str:engagement>", enquiries.ask_bank, name="my-ask-bank"),
    path("my/<str:ref>/withdraw", cases.withdraw, name="my-withdraw"),
    path("my/<str:ref>/open", cases.open_to_all, name="my-open"),
    path("my/<str:ref>/help", cases.help_wanted, name="my-help"),
    path("my/<str:ref>/ready/<str:engagement>", speaking.ready, name="my-ready"),
    path("my/<str:ref>/no-call", cases.no_call, name="my-no-call"),
    path("my/<str:ref>/again", cases.again, name="my-again"),
    path("my/<str:ref>/plans", plans.plans, name="my-plans"),
    path("my/<str:ref>/plans/<str:engagement>/keep", plans.keep, name="my-keep"),
    path("my/<str:ref>/plans/<str:engagement>/decline", plans.decline, name="my-decline"),
    path("my/<str:ref>/offers", plans.offers, name="my-offers"),
    path("my/<str:ref>/offers/<str:engagement>/accept", plans.accept, name="my-accept"),
    path("my/<str:ref>/refused/<str:engagement>", cases.refused, name="my-refused"),
    path(
        "my/<str:ref>/refused/<str:engagement>/objection", speaking.objection, name="my-objection"
    ),
    path("my/<str:ref>/family/<str:engagement>", speaking.family, name="my-family"),
    path("my/<str:ref>/talk", speaking.talk, name="my-talk"),
    path("my/<str:ref>/rate/<str:engagement>", cases.rate, name="my-rate"),
]
