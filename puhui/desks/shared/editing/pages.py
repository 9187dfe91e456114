"""Pages of the editor: each desk names its own addresses and passes itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.safestring import mark_safe

from puhui.content import actions, queries
from puhui.content.terms import EntryForm, Place, section_of
from puhui.desks.shared.downloads import attached, downloaded
from puhui.desks.shared.editing import entry_view, forms
from puhui.desks.shared.gate import Request
from puhui.desks.shared.sheets import answered, done, refused_with, shown
from puhui.desks.shared.watching.desk import WatchingDesk
from puhui.kernel.clock import local_date
from puhui.kernel.command import NOT_FOUND, Refused, database_now
from puhui.parties import queries as parties


def page_number(request: Request) -> int:
    text = request.GET.get("page", "1")
    return (
        int(text) if text.isascii() and text.isdigit() and 0 < len(text) < 5 and text != "0" else 1
    )


def listing(request: Request, desk: WatchingDesk) -> HttpResponse:
    """All entries of the desk."""
    found = entry_view.lines(request.actor, entry_view.asked(request.GET), page_number(request))
    more = {
        "reports_address": desk.url("village-reports"),
        "begin_address": desk.url("article-begin"),
        "load_address": desk.url("articles-shipped") if found["may_load"] else "",
    }
    return desk.page(request, "editing/list.html", {**found, **more})


def entry(request: Request, desk: WatchingDesk, ref: str) -> HttpResponse:
    """One entry: as readers see it, and what can be done."""
    actor = request.actor
    context = {
        "at": entry_view.shown(actor, desk, ref, page_number(request)),
        "versions": queries.versions(actor, ref),
        "may_write": entry_view.may_write(actor),
        "list_address": desk.url("articles"),
    }
    return desk.page(request, "editing/entry.html", context)


def version(request: Request, desk: WatchingDesk, ref: str, number: int) -> HttpResponse:
    """One kept version, to look at."""
    found = queries.version_text(request.actor, ref, number)
    context = {
        "at": found,
        "html": mark_safe(found.html),  # noqa: S308 - rendered with HTML off
        "entry_address": desk.url("article", ref),
    }
    return desk.page(request, "editing/version.html", context)


def begin(request: Request, desk: WatchingDesk) -> HttpResponse:
    """Where a new entry belongs; then on to writing it."""
    actor = request.actor
    form = forms.Where(
        entry_view.sections(actor), entry_view.townships(actor), request.POST or None
    )
    sheet = desk.sheet(request, "写一篇、建一张表", "下一步", desk.url("articles"))
    if request.method == "POST" and form.is_valid():
        place, _, section = form.cleaned_data["section"].partition(":")
        known = section_of(place, section)
        township = form.cleaned_data["township"]
        if known and known.by_village and not township:
            form.add_error("township", "请选是哪个乡镇的。")
        else:
            query = f"township={township}" if township else ""
            return redirect(desk.url("article-new", place, section, query=query))
    return shown(request, sheet, form, status=422 if request.method == "POST" else 200)


def write(request: Request, desk: WatchingDesk, place: str, section: str) -> HttpResponse:
    """A new article or table."""
    known = section_of(place, section)
    if known is None:
        raise Refused(NOT_FOUND)
    today = local_date(database_now())
    villages = entry_view.villages(request.actor, known, request.GET.get("township", "")[:12])
    initial = {"check": "own", "title": known.title if known.form else ""}
    form = forms.Writing(
        known,
        villages,
        entry_view.periods(known, today),
        request.POST or None,
        initial=initial,
    )
    empty = EntryForm(place, section, "")
    return _written(request, desk, form, empty, back=desk.url("articles"))


def edit(request: Request, desk: WatchingDesk, ref: str) -> HttpResponse:
    """The next version of an entry."""
    old = queries.editor_entry(request.actor, ref).form
    known = section_of(old.place, old.section)
    if known is None:
        raise Refused(NOT_FOUND)
    form = forms.Writing(known, (), (), request.POST or None, initial=forms.filled(old))
    return _written(request, desk, form, old, back=desk.url("article", ref))


def _written(
    request: Request, desk: WatchingDesk, form: forms.Writing, old: EntryForm, *, back: str
) -> HttpResponse:
    """Show, preview, or save and go to the entry."""
    known = section_of(old.place, old.section)
    where = f"{Place(old.place).label} · {known.title}" if known else ""
    short = parties.county(request.actor).short_name
    sheet = desk.sheet(
        request,
        "改这一篇" if old.ref else "新写",
        "存下来",
        back,
        subject=where.replace("{简称}", short),
        second_verb="看看样子",
    )
    if request.method != "POST":
        return shown(request, sheet, form)
    if not form.is_valid():
        return shown(request, sheet, form, status=422)
    new = replace(old, **form.cleaned_data)
    if "preview" in request.POST:
        html = mark_safe(queries.preview(request.actor, new))  # noqa: S308 - HTML is off
        more = {**sheet.more, "preview": html, "previewed": new}
        return shown(request, replace(sheet, before="editing/preview.html", more=more), form)
    try:
        ref = actions.write(new, by=request.actor)
    except Refused as refused:
        if refused.reason == NOT_FOUND:
            raise
        return refused_with(request, sheet, form, refused)
    said = "存下了。读者看到的还是原来那版，点“发布”才换。" if old.ref else "存成草稿了。"
    return done(request, said, desk.url("article", ref))


def publish(request: Request, desk: WatchingDesk, ref: str) -> HttpResponse:
    """Publish now, or at a time."""
    title = queries.editor_entry(request.actor, ref).card.title
    sheet = desk.sheet(
        request,
        "发布",
        "发布",
        desk.url("article", ref),
        subject=title,
        warning="发出去全县都看得到。先看一遍样子，日期和谁发的写对了没有。",
    )

    def act(typed: Mapping[str, Any]) -> None:
        actions.publish(ref, typed["at"], by=request.actor)

    return answered(request, sheet, forms.Publishing(request.POST or None), act, said="办好了。")


def withdraw(request: Request, desk: WatchingDesk, ref: str) -> HttpResponse:
    """Take it down."""
    title = queries.editor_entry(request.actor, ref).card.title
    sheet = desk.sheet(
        request,
        "撤下",
        "撤下",
        desk.url("article", ref),
        subject=title,
        warning="撤下以后读者就看不到了；要再发，点“发布”就行。",
    )

    def act(typed: Mapping[str, Any]) -> None:
        actions.withdraw(ref, typed["words"], by=request.actor)

    return answered(request, sheet, forms.Withdrawing(request.POST or None), act, said="撤下了。")


def unschedule(request: Request, desk: WatchingDesk, ref: str) -> HttpResponse:
    """Call a timed publication off."""
    actions.unschedule(ref, by=request.actor)
    return done(request, "不定时发了，又是草稿。", desk.url("article", ref))


def check(request: Request, desk: WatchingDesk, ref: str) -> HttpResponse:
    """Note how far the original was looked at."""
    card = queries.editor_entry(request.actor, ref).card
    sheet = desk.sheet(request, "核对原文", "记下", desk.url("article", ref), subject=card.title)

    def act(typed: Mapping[str, Any]) -> None:
        actions.mark_checked(ref, **typed, by=request.actor)

    seen = {"check": card.check, "version": card.version}
    form = forms.Checking(request.POST or None, initial=seen)
    return answered(request, sheet, form, act, said="记下了。")


def load_shipped(request: Request, desk: WatchingDesk) -> HttpResponse:
    """Put the shipped national news in as drafts."""
    count = len(actions.load_shipped(by=request.actor))
    said = f"装入了 {count} 条草稿，请一条一条对着原文核对再发。" if count else "都装过了。"
    return done(request, said, desk.url("articles"))


def table_out(request: Request, desk: WatchingDesk, ref: str) -> HttpResponse:
    """The table as xlsx."""
    name, body = queries.file_of_version(request.actor, ref, is_form=False)
    return downloaded(f"{name}.xlsx", body)


def form_out(request: Request, desk: WatchingDesk, ref: str) -> HttpResponse:
    """The table's columns as a form to fill in."""
    name, body = queries.file_of_version(request.actor, ref, is_form=True)
    return downloaded(f"{name}.xlsx", body)


def file_out(request: Request, desk: WatchingDesk, ref: str, number: int) -> HttpResponse:
    """A file of an entry, published or not."""
    name, found = queries.attachment_for_editor(request.actor, ref, number)
    return attached(name, found)
