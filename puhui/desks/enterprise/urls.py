"""Addresses of my enterprises and my household."""

from django.urls import URLPattern, path

from puhui.desks.enterprise import agents, enterprises, households, successions

ONE = "my/enterprises/<slug:ref>"

urlpatterns: list[URLPattern] = [
    path("my/for", enterprises.for_whom, name="my-for"),
    path("my/enterprises/", enterprises.mine, name="my-enterprises"),
    path("my/enterprises/new", enterprises.new, name="my-enterprise-new"),
    path(f"{ONE}/", enterprises.one, name="my-enterprise"),
    path(f"{ONE}/change", enterprises.change, name="my-enterprise-change"),
    path(f"{ONE}/agents/new", agents.new, name="my-agent-new"),
    path(f"{ONE}/agents/<slug:agency>/revoke", agents.revoke, name="my-agent-revoke"),
    path(f"{ONE}/successor", successions.successor, name="my-successor"),
    path(f"{ONE}/close", successions.close, name="my-enterprise-close"),
    path("my/take-over/<slug:succession>/", successions.take_over, name="my-take-over"),
    path("my/take-over/<slug:succession>/drop", successions.drop, name="my-succession-drop"),
    path("my/household/", households.household, name="my-household"),
    path("my/household/<slug:what>", households.act, name="my-household-act"),
]
