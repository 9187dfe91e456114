"""Addresses of the township pages."""

from django.urls import URLPattern, path

from puhui.desks.township import articles, cases, lists, outreach, villages

CASE = "cases/<slug:ref>"

urlpatterns: list[URLPattern] = [
    path("", lists.lists_page, name="township-desk"),
    path("lists", lists.lists_part, name="township-lists"),
    path("cases/", cases.cases, name="township-cases"),
    path("supervision/", cases.supervision, name="township-supervision"),
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
    path("articles/", articles.listing, name="township-articles"),
    path("articles/new", articles.begin, name="township-article-begin"),
    path("articles/new/<slug:place>/<slug:section>", articles.write, name="township-article-new"),
    path("articles/<slug:ref>/", articles.entry, name="township-article"),
    path("articles/<slug:ref>/edit", articles.edit, name="township-article-edit"),
    path("articles/<slug:ref>/publish", articles.publish, name="township-article-publish"),
    path("articles/<slug:ref>/withdraw", articles.withdraw, name="township-article-withdraw"),
    path("articles/<slug:ref>/unschedule", articles.unschedule, name="township-article-unschedule"),
    path(
        "articles/<slug:ref>/versions/<int:number>",
        articles.version,
        name="township-article-version",
    ),
    path("articles/<slug:ref>/upload", articles.upload, name="township-article-upload"),
    path("articles/<slug:ref>/rows/<int:number>", articles.row, name="township-article-row"),
    path(
        "articles/<slug:ref>/rows/<int:number>/drop",
        articles.drop_row,
        name="township-article-row-drop",
    ),
    path("articles/<slug:ref>/table.xlsx", articles.table_out, name="township-article-table"),
    path("articles/<slug:ref>/form.xlsx", articles.form_out, name="township-article-form"),
    path("articles/<slug:ref>/attach", articles.attach, name="township-article-attach"),
    path("articles/<slug:ref>/files/<int:number>/", articles.file, name="township-article-file"),
    path(
        "articles/<slug:ref>/files/<int:number>/drop",
        articles.detach,
        name="township-article-file-drop",
    ),
    path("village-reports/", articles.village_reports, name="township-village-reports"),
    path(
        "village-reports/<slug:ref>/answer", articles.answer, name="township-village-report-answer"
    ),
    path("rechecks/<slug:ref>", villages.recheck, name="township-recheck"),
    path("rechecks/<slug:ref>/phone", villages.recheck_phone, name="township-recheck-phone"),
    path("villages/<slug:village>/vacancy", villages.vacancy, name="township-vacancy"),
]
