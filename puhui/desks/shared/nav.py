"""The top bar of a desk: a few pages that are always there, the rest under one menu."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from django.urls import reverse

from puhui.desks.shared.gate import Request

FIRST_LEVEL = 7
"""Entries that a bar holds beside each other at 1440 pixels, its menu counted in."""
Pages = Sequence[tuple[str, str]]
"""Label and the page's name."""


@dataclass(frozen=True, slots=True)
class Link:
    """One entry; `count` says how much waits there."""

    label: str
    address: str
    is_here: bool
    count: int = 0


@dataclass(frozen=True, slots=True)
class Bar:
    """What stands in the bar, and what its menu holds under which heading."""

    first: tuple[Link, ...]
    more: tuple[tuple[str, tuple[Link, ...]], ...] = ()

    @property
    def here_in_more(self) -> str:
        """The label of the page that is open, where it stands in the menu."""
        return next((one.label for _, links in self.more for one in links if one.is_here), "")


def bar(
    request: Request,
    first: Pages,
    more: Sequence[tuple[str, Pages]] = (),
    counts: Mapping[str, int] | None = None,
) -> Bar:
    """The bar with the open page marked; `counts` by the page's name."""
    here = (request.resolver_match.url_name if request.resolver_match else "") or ""
    names = [name for _, name in (*first, *(one for _, pages in more for one in pages))]
    own = _nearest(here, names)

    def links(pages: Pages) -> tuple[Link, ...]:
        return tuple(
            Link(label, _address(name), name == own, (counts or {}).get(name, 0))
            for label, name in pages
        )

    return Bar(links(first), tuple((heading, links(pages)) for heading, pages in more))


@cache
def _address(name: str) -> str:
    return reverse(name)


def _nearest(here: str, names: Sequence[str]) -> str:
    """The entry that a page is, is one thing of (cases: case), or lies beneath."""
    whole = [name for name in names if here in (name, name.rstrip("s"))]
    beneath = [name for name in names if here.startswith((f"{name}-", f"{name.rstrip('s')}-"))]
    return (whole or sorted(beneath, key=len, reverse=True) or [""])[0]
