"""Everybody's way through every page: each follows every link that their pages show."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

from django.test import Client
from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve

from puhui.access import actions as access
from puhui.desks.shared.gate import SESSION_COOKIE
from puhui.kernel.actor import Actor, Role
from tests import world

PER_ROUTE = 2
"""So many pages of one route are looked at for one person."""
LEADS = re.compile(r'(?:href|hx-get|action|hx-post)="([^"]+)"')
FORMS = re.compile(r"<form\b[^>]*>.*?</form>", re.DOTALL)
ADDRESS = re.compile(r'\baction="([^"]*)"')
METHOD = re.compile(r'\bmethod="post"', re.IGNORECASE)
NAMES = re.compile(r'<(?:input|select|textarea)\b[^>]*?\bname="([^"]+)"')
LEAVES = {"sign-out", "staff-sign-out"}


@dataclass(frozen=True, slots=True)
class Seen:
    """A page as one person got it."""

    who: str
    path: str
    route: str
    status: int
    headers: dict[str, str]
    body: str


@dataclass
class Person:
    """Somebody with a browser."""

    name: str
    client: Client
    pages: list[Seen] = field(default_factory=list)

    def get(self, path: str) -> Seen:
        answer = self.client.get(path)
        kind = answer.headers.get("Content-Type", "")
        is_text = kind.startswith(("text/", "application/json")) and not answer.streaming
        body = answer.content.decode("utf-8", "replace") if is_text else ""
        return Seen(self.name, path, route_of(path), answer.status_code, dict(answer.headers), body)

    def walk(self, *starts: str) -> None:
        """Follow links until nothing new is shown, each route a few times."""
        waiting, known, times = [*starts, *routes_without_blanks()], set[str](), Counter[str]()
        while waiting:
            path = waiting.pop(0)
            route = route_of(path)
            if path in known or not route or route in LEAVES or times[route] >= PER_ROUTE:
                continue
            known.add(path)
            times[route] += 1
            seen = self.get(path)
            self.pages.append(seen)
            waiting += [one for one in links(seen) if one not in known]


def person(actor: Actor | None) -> Person:
    """A browser in which this actor is signed in; None: nobody is."""
    client = Client(raise_request_exception=False)
    if actor is None:
        return Person("anyone", client)
    kind = "resident" if actor.role == Role.RESIDENT else "staff"
    opened = access.open_persona_session(kind, actor.ref, by=world.SYSTEM)
    client.cookies[SESSION_COOKIE] = opened.token
    return Person(str(actor.role), client)


def links(seen: Seen) -> Iterator[str]:
    for found in LEADS.findall(seen.body):
        parts = urlsplit(urljoin(seen.path, html.unescape(found)))
        if not parts.netloc and parts.path.startswith("/"):
            yield parts.path + (f"?{parts.query}" if parts.query else "")


def forms(seen: Seen) -> Iterator[tuple[str, list[str]]]:
    """Where each form of a page posts to, and the names of its fields."""
    for form in FORMS.findall(seen.body):
        head = form[: form.index(">")]
        if METHOD.search(head):
            found = ADDRESS.search(head)
            target = urljoin(seen.path, html.unescape(found[1]) if found else "")
            yield target, [name for name in NAMES.findall(form) if name != "csrfmiddlewaretoken"]


def route_of(path: str) -> str:
    try:
        return str(resolve(urlsplit(path).path).url_name or "")
    except Resolver404:
        return ""


def routes() -> Iterator[tuple[str, URLPattern]]:
    """Every route of the pages with its whole pattern, the partner interface aside."""

    def walk(
        patterns: list[URLPattern | URLResolver], before: str
    ) -> Iterator[tuple[str, URLPattern]]:
        for one in patterns:
            if isinstance(one, URLResolver):
                yield from walk(one.url_patterns, before + str(one.pattern))
            elif not (before + str(one.pattern)).startswith("api/"):
                yield before + str(one.pattern), one

    yield from walk(get_resolver().url_patterns, "")


def routes_without_blanks() -> list[str]:
    return [f"/{pattern}" for pattern, _route in routes() if "<" not in pattern]
