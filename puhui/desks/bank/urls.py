"""Addresses of the bank pages."""

from django.urls import URLPattern, path

from puhui.desks.bank import (
    afterwards,
    calls,
    case,
    case_acts,
    claims,
    directory,
    lists,
    orders,
    pauses,
    products,
    proposals,
    return_sheets,
    returns,
    roster,
    supervisions,
    table,
    team,
    visit_photos,
    visits,
)

CASE = "engagements/<str:ref>/"
ENTRY = "directory/entries/<str:ref>"
BRANCH = "directory/branches/<uuid:branch>"
ORDER = "orders/<slug:ref>/"
PRODUCT = "products/<str:ref>"

urlpatterns: list[URLPattern] = [
    path("", lists.lists_page, name="bank-desk"),
    path("lists", lists.lists_part, name="bank-lists"),
    # Demands that are open to every bank.
    path("demands/<str:ref>/", case.of_demand, name="bank-demand"),
    path("demands/<str:ref>/claim", claims.claim, name="bank-claim"),
    path("demands/<str:ref>/aside", case_acts.aside, name="bank-aside"),
    path("demands/<str:ref>/back", case_acts.back, name="bank-back"),
    path("aside/", case_acts.asides, name="bank-asides"),
    # The bank's own cases, and what is done in one, in the order of the work.
    path("engagements/", table.table, name="bank-table"),
    path("engagements.<str:form>", table.export, name="bank-export"),
    path(CASE, case.case, name="bank-case"),
    path(f"{CASE}dial", calls.dial, name="bank-dial"),
    path(f"{CASE}result", calls.result, name="bank-result"),
    path(f"{CASE}again", calls.again, name="bank-again"),
    path(f"{CASE}contact", calls.contact, name="bank-contact"),
    path(f"{CASE}release", claims.release, name="bank-release"),
    path(f"{CASE}hand-over", case_acts.hand_over, name="bank-hand-over"),
    path(f"{CASE}plan", proposals.plan, name="bank-plan"),
    path(f"{CASE}improve", proposals.improve, name="bank-improve"),
    path(f"{CASE}visit", visits.visit, name="bank-visit"),
    path(f"{CASE}arrive", case_acts.arrive, name="bank-arrive"),
    path(f"{CASE}report", visits.report, name="bank-report"),
    path(f"{CASE}papers", case_acts.papers, name="bank-papers"),
    path(f"{CASE}photos", visit_photos.add, name="bank-photo-add"),
    path(f"{CASE}photos/<uuid:photo>", visit_photos.picture, name="bank-photo"),
    path(f"{CASE}photos/<uuid:photo>/drop", visit_photos.drop, name="bank-photo-drop"),
    path(f"{CASE}obstacle", case_acts.obstacle, name="bank-obstacle"),
    path(f"{CASE}pause", pauses.pause, name="bank-pause"),
    path(f"{CASE}resume", pauses.resume, name="bank-resume"),
    path(f"{CASE}offer", proposals.offer, name="bank-offer"),
    path(f"{CASE}refuse", proposals.refuse, name="bank-refuse"),
    path(f"{CASE}explain", afterwards.explain, name="bank-explain"),
    path(f"{CASE}objection", afterwards.answer_objection, name="bank-answer-objection"),
    path(f"{CASE}payout", afterwards.payout, name="bank-payout"),
    path(f"{CASE}sign", returns.sign, name="bank-sign"),
    path(f"{CASE}disburse", returns.disburse, name="bank-disburse"),
    path(f"{CASE}settle", returns.settle, name="bank-settle"),
    path("enquiries/<str:ref>", case_acts.enquiry, name="bank-enquiry"),
    path("objections/", afterwards.objections, name="bank-objections"),
    # What the county asks of the bank.
    path("supervisions/", supervisions.records, name="bank-supervisions"),
    path(
        "supervisions/<str:ref>/answer", returns.answer_supervision, name="bank-answer-supervision"
    ),
    path(ORDER, orders.order, name="bank-order"),
    path(f"{ORDER}answer", orders.answer, name="bank-order-answer"),
    path("returns/", return_sheets.upload, name="bank-returns"),
    path("returns/template.xlsx", return_sheets.template, name="bank-return-template"),
    # The bank itself: people, figures, products, directory.
    path("team/", team.team, name="bank-team"),
    path("roster/", roster.roster, name="bank-roster"),
    path("figures/", team.figures, name="bank-figures"),
    path("figures.xlsx", team.export, name="bank-figures-export"),
    path("products/", products.shelf, name="bank-products"),
    path("products/new", products.put, name="bank-product-new"),
    path("products/seen", products.seen, name="bank-product-seen"),
    path(PRODUCT, products.put, name="bank-product"),
    path(f"{PRODUCT}/versions", products.versions, name="bank-product-versions"),
    path(f"{PRODUCT}/withdraw", products.withdraw, name="bank-product-withdraw"),
    path("directory/", directory.directory, name="bank-directory"),
    path("directory/history", directory.history, name="bank-directory-history"),
    path("directory/new/<str:kind>", directory.put, name="bank-entry-new"),
    path(ENTRY, directory.change, name="bank-entry"),
    path(f"{ENTRY}/withdraw", directory.withdraw, name="bank-entry-withdraw"),
    path("directory/branches/new", directory.add_branch, name="bank-branch-new"),
    path(BRANCH, directory.branch, name="bank-branch"),
    path(f"{BRANCH}/close", directory.close, name="bank-branch-close"),
]
