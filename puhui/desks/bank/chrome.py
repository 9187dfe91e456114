"""What every page of the bank desk carries: its name, its pages, its keys."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from puhui.desks.shared.gate import Request
from puhui.desks.shared.nav import bar
from puhui.desks.shared.sheets import Sheet, desk_page
from puhui.kernel.actor import Role
from puhui.market import queries

LAYOUT = "bank/base.html"
PAGES = (
    ("五张单子", "bank-desk"),
    ("全部单子", "bank-table"),
    ("不同意见", "bank-objections"),
    ("督导记录", "bank-supervisions"),
    ("同事", "bank-team"),
    ("本行数字", "bank-figures"),
)
MORE = (
    ("每月", (("按月回填", "bank-returns"), ("值班表", "bank-roster"), ("纸单", "slips"))),
    ("给群众看的", (("产品", "bank-products"), ("服务目录", "bank-directory"))),
)
KEYS = (("C", "接单"), ("X", "不感兴趣"), ("D", "拨号"), ("N", "下一条"))


def chrome(request: Request) -> dict[str, Any]:
    """What the top bar and the footer need."""
    waiting = {"bank-objections": queries.open_objections(request.actor)}
    return {
        "desk_name": "银行端",
        "nav": bar(request, PAGES, MORE, waiting),
        "search_address": reverse("bank-table"),
        "find_address": reverse("bank-table"),
        "search_words": "编号、对接号、姓名",
        "keys": KEYS,
        "is_head": request.actor.role is Role.BANK_ADMIN,
    }


def bank_page(
    request: Request, template: str, context: Mapping[str, Any], *, status: int = 200
) -> HttpResponse:
    """A whole page of the bank desk."""
    return desk_page(request, template, {**chrome(request), **context}, status=status)


def bank_sheet(request: Request, title: str, verb: str, back: str, **options: Any) -> Sheet:
    """A form of the bank desk, on its own page or in the dialog."""
    more = {**chrome(request), **options.pop("more", {})}
    return Sheet(title=title, verb=verb, back=back, layout=LAYOUT, more=more, **options)
