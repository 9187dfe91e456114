"""A watching desk: its name, its pages, its sheets; the same code serves township and county."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from puhui.desks.shared.gate import Request
from puhui.desks.shared.nav import bar
from puhui.desks.shared.sheets import Sheet, desk_page

ADDRESSES = 4096
"""How many addresses are kept: every look at the lists names the same again. They hold numbers only."""


@lru_cache(maxsize=ADDRESSES)
def _address(name: str, args: tuple[str, ...]) -> str:
    return reverse(name, args=args)


@dataclass(frozen=True, slots=True)
class WatchingDesk:
    """What differs between the desks. Addresses are named `<name>-<page>`."""

    name: str
    title: str
    layout: str
    pages: tuple[tuple[str, str], ...]
    more: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = ()
    """What stands under the bar's menu: heading, pages."""
    dials: str = "看电话"
    """What D does here."""
    keys: tuple[tuple[str, str], ...] = ()
    """Its own keys beside those of every desk."""
    finds: str = "编号、对接号"
    """What may be typed into the bar."""

    def url(self, page: str, *args: str, query: str = "") -> str:
        return _address(f"{self.name}-{page}", args) + (f"?{query}" if query else "")

    def case(self, ref: str) -> str:
        return self.url("case", ref)

    def chrome(self, request: Request) -> dict[str, Any]:
        """What the top bar and the footer need."""
        return {
            "desk_name": self.title,
            "nav": bar(request, self.pages, self.more),
            "search_address": self.url("cases"),
            "find_address": self.url("find"),
            "search_words": self.finds,
            "keys": (("D", self.dials), *self.keys, ("N", "下一条")),
            "watch": self,
        }

    def page(
        self, request: Request, template: str, context: Mapping[str, Any], *, status: int = 200
    ) -> HttpResponse:
        """A whole page of the desk."""
        return desk_page(request, template, {**self.chrome(request), **context}, status=status)

    def sheet(self, request: Request, title: str, verb: str, back: str, **options: Any) -> Sheet:
        """A form of the desk, on its own page or in the dialog."""
        more = {**self.chrome(request), **options.pop("more", {})}
        return Sheet(title=title, verb=verb, back=back, layout=self.layout, more=more, **options)
