"""Addresses beneath /county/people/."""

from django.urls import URLPattern, path

from puhui.desks.county.people import (
    enterprises,
    home,
    imports,
    organisations,
    places,
    residents,
    rosters,
    secrets,
    staff,
)

ORGANISATION = "organisations/<slug:ref>"
BRANCH = f"{ORGANISATION}/branches/<uuid:branch>"
MEMBER = "staff/<slug:ref>"
DUTY = f"{MEMBER}/duties/<uuid:duty>"
PLACE = "places/<slug:code>"
IMPORT = "imports/<slug:kind>"

urlpatterns: list[URLPattern] = [
    path("", home.home, name="county-people"),
    path("organisations/", organisations.organisations, name="county-people-organisations"),
    path("organisations/new", organisations.new, name="county-people-organisation-new"),
    path(f"{ORGANISATION}/", organisations.organisation, name="county-people-organisation"),
    path(f"{ORGANISATION}/change", organisations.change, name="county-people-organisation-change"),
    path(f"{ORGANISATION}/close", organisations.close, name="county-people-organisation-close"),
    path(f"{ORGANISATION}/reopen", organisations.reopen, name="county-people-organisation-reopen"),
    path(f"{ORGANISATION}/branches/new", organisations.new_branch, name="county-people-branch-new"),
    path(f"{BRANCH}/change", organisations.change_branch, name="county-people-branch-change"),
    path(f"{BRANCH}/close", organisations.close_branch, name="county-people-branch-close"),
    path("staff/", staff.staff, name="county-people-staff"),
    path("staff/new", staff.new, name="county-people-member-new"),
    path("staff/accounts", secrets.open_many, name="county-people-accounts"),
    path(f"{MEMBER}/", staff.member, name="county-people-member"),
    path(f"{MEMBER}/change", staff.change, name="county-people-member-change"),
    path(f"{MEMBER}/leave", staff.leave, name="county-people-member-leave"),
    path(f"{MEMBER}/duties/new", staff.give_duty, name="county-people-duty-new"),
    path(f"{DUTY}/end", staff.end_duty, name="county-people-duty-end"),
    path(f"{DUTY}/account", secrets.open_account, name="county-people-account"),
    path(f"{DUTY}/reset", secrets.reset_account, name="county-people-reset"),
    path("enterprises/", enterprises.register, name="county-people-enterprises"),
    path("enterprises/<slug:ref>/check", enterprises.check, name="county-people-enterprise-check"),
    path("enterprises/<slug:ref>/successor", enterprises.successor, name="county-people-successor"),
    path("successions/<slug:ref>/", enterprises.second, name="county-people-succession"),
    path("residents/", residents.residents, name="county-people-residents"),
    path("places/", places.places, name="county-people-places"),
    path("places/new", places.new_unit, name="county-people-unit-new"),
    path(f"{PLACE}/", places.place, name="county-people-place"),
    path(f"{PLACE}/natural", places.new_natural, name="county-people-natural-new"),
    path(f"{PLACE}/rename", places.rename, name="county-people-place-rename"),
    path(f"{PLACE}/close", places.close, name="county-people-place-close"),
    path(f"{PLACE}/reopen", places.reopen, name="county-people-place-reopen"),
    path(f"{PLACE}/bank", places.village_bank, name="county-people-place-bank"),
    path("rosters/", rosters.rosters, name="county-people-rosters"),
    path("keys/", secrets.keys, name="county-people-keys"),
    path("keys/new", secrets.new_key, name="county-people-key-new"),
    path("keys/<slug:ref>/revoke", secrets.revoke_key, name="county-people-key-revoke"),
    path("profile/", rosters.profile, name="county-people-profile"),
    path("profile/change", rosters.change_profile, name="county-people-profile-change"),
    path("imports/", imports.imports, name="county-people-imports"),
    path(f"{IMPORT}/", imports.take, name="county-people-import"),
    path(f"{IMPORT}/template", imports.template, name="county-people-template"),
]
