"""N1 to N4: what an attacker sends, plants, forges, and what every answer forbids the browser.

Over every page that anybody can reach by its links, whatever pages there are.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from urllib.parse import urlencode

import pytest
from django.db import connection, transaction
from django.test import Client
from pytest_django import DjangoDbBlocker

from puhui.kernel.actor import Role
from puhui.kernel.crypto import new_id
from puhui.market import actions
from tests import world
from tests.desks import watched
from tests.figures.crawl import LEAVES, Person, Seen, forms, person, route_of, routes

pytestmark = pytest.mark.django_db

MARKUP = "\"'><script>alert(7)</script><img src=x onerror=alert(7)>"
RAW = ("<script>alert(7)", "<img src=x")
HOSTILE = [
    "'\";--",
    "1' OR '1'='1",
    "'; SELECT pg_sleep(5);--",
    "../../../../etc/passwd",
    "{{7*7}}${7*7}<%= 7*7 %>",
    "9" * 40,
    "-1",
    "\u202e\ufeff\ud7ff",
    "١٢",
    MARKUP,
]
NAMES = (
    *("q", "page", "after", "cursor", "sort", "order", "state", "bank", "township", "village"),
    *("from", "to", "on", "month", "columns", "list", "next", "product", "compare", "amount"),
)


ROTATIONS = 3
LOOKS = ("_looked", "_seen", "_view")
"""Ends of names of tables in which looks are noted."""
HEADERS = {
    "Content-Security-Policy": "default-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "microphone=()",
}


@pytest.fixture(scope="module")
def people(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[list[Person]]:
    """Everybody who has a page, after one walk through all of them; undone at the end."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield everybody()
        transaction.set_rollback(True)


def everybody() -> list[Person]:
    """Of a county whose free texts are full of markup."""
    county = world.build()
    watched.called(county)
    told = {"story": MARKUP, "purpose": "other", "purpose_words": RAW[0]}
    ref = world.publish(county, county.applicant, **told).ref
    taken = actions.claim(ref, by=county.bank.officer)
    call = actions.start_call(taken.engagement_ref, by=county.bank.officer)
    actions.record_callback(taken.engagement_ref, call.ref, "connected", by=county.bank.officer)
    plan = replace(world.PLAN, security_words=MARKUP, trips_words=MARKUP)
    actions.submit_plan(taken.engagement_ref, plan, by=county.bank.officer)
    watched.refused(county, 1, ref, "R15", MARKUP[:40])
    late = watched.overdue(county, 2)
    actions.add_note(late.ref, MARKUP, by=county.supervisor)
    actions.add_note(ref, MARKUP, by=county.deputy)
    watched.funded(county)
    actors = (
        *(None, county.applicant, county.bank.officer, county.bank.head),
        *(county.deputy, county.supervisor, county.admin),
    )
    found = [person(actor) for actor in actors]
    starts = {
        "loan_officer": f"/bank/engagements/{taken.engagement_ref}/",
        str(Role.COUNTY_SUPERVISOR): f"/county/cases/{late.ref}/",
        "township_admin": f"/township/cases/{ref}/",
    }
    for one in found:
        one.walk(starts.get(one.name, "/"))
    return found


def shown(people: list[Person]) -> Iterator[tuple[Person, Seen]]:
    """Every page that was answered, with whom."""
    for one in people:
        for page in one.pages:
            if page.status == 200:
                yield one, page


def hostile(names: Iterable[str], turn: int) -> dict[str, str]:
    return {name: HOSTILE[(turn + at) % len(HOSTILE)] for at, name in enumerate(names)}


def test_the_walk_reaches_most_routes_and_the_planted_words(people: list[Person]) -> None:
    """Without this the tests below would prove nothing."""
    answered = {page.route for _one, page in shown(people)}
    every = {str(route.name) for _pattern, route in routes()}
    assert len(answered) > 0.45 * len(every), sorted(every - answered)  # many are forms to post
    planted = {one.name for one, page in shown(people) if html.escape("<img src=x") in page.body}
    assert {"resident", "loan_officer", "township_admin", str(Role.COUNTY_SUPERVISOR)} <= planted


def test_n1_no_page_breaks_on_what_stands_in_its_address(people: list[Person]) -> None:
    broken = []
    for one, page in shown(people):
        for turn in range(ROTATIONS):
            base = page.path.split("?")[0]
            seen = one.get(f"{base}?{urlencode(hostile(NAMES, turn + len(base)))}")
            if seen.status >= 500 or any(raw in seen.body for raw in RAW):
                broken.append((one.name, seen.path, seen.status))
    assert broken == []


def test_n1_no_form_breaks_on_what_is_typed_into_it(people: list[Person]) -> None:
    broken, sent = [], set[tuple[str, str]]()
    with transaction.atomic():
        for one, page in shown(people):
            for target, names in forms(page):
                if (one.name, target) in sent or route_of(target) in LEAVES:
                    continue
                sent.add((one.name, target))
                answer = one.client.post(target, hostile(names, len(sent)))
                body = b"" if answer.streaming else answer.content
                if answer.status_code >= 500 or any(raw.encode() in body for raw in RAW):
                    broken.append((one.name, target, answer.status_code))
        transaction.set_rollback(True)
    assert len(sent) > 30
    assert broken == []


def test_n2_no_page_carries_markup_that_somebody_typed(people: list[Person]) -> None:
    assert [
        (one.name, page.path) for one, page in shown(people) if any(raw in page.body for raw in RAW)
    ] == []


def test_n2_no_page_has_a_script_or_style_of_its_own_without_nonce(people: list[Person]) -> None:
    inline = re.compile(
        r"<script(?![^>]*(?:\bsrc=|\bnonce=|application/(?:ld\+)?json))|<style(?![^>]*\bnonce=)"
        r"|<[a-z][^>]*\s(?:on[a-z]+|style)=\"|href=\"javascript:",
        re.IGNORECASE,
    )
    assert [
        (one.name, page.path, inline.search(page.body)[0])  # type: ignore[index]
        for one, page in shown(people)
        if inline.search(page.body)
    ] == []


def test_n3_no_route_takes_a_forged_form(people: list[Person]) -> None:
    """A form without the token of the page it stood on is refused, signed in or not."""
    taken = []
    for one in people:
        strict = Client(enforce_csrf_checks=True, raise_request_exception=False)
        strict.cookies = one.client.cookies
        for pattern, _route in routes():
            path = "/" + re.sub(
                r"<int:[^>]+>", "1", re.sub(r"<uuid:[^>]+>", str(new_id()), pattern)
            )
            answer = strict.post(re.sub(r"<[^>]+>", "x", path), {"a": "b"})
            if answer.status_code != 403:
                taken.append((one.name, path, answer.status_code))
    assert taken == []


def test_n3_looking_at_a_page_changes_nothing_that_counts(people: list[Person]) -> None:
    """A picture's address in a mail is a look: no look may act."""
    before = stored()
    for one, page in shown(people):
        one.get(page.path)
    assert [table for table, digest in stored().items() if before[table] != digest] == []


def stored() -> dict[str, str]:
    """A digest of every table but those in which looks are noted."""
    noted = ("kernel_unsealedentry", "access_session", "access_limit", "consent_disclosure")
    found = {}
    for table in connection.introspection.table_names():
        if table.startswith("django_") or table in noted or table.endswith(LOOKS):
            continue
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT md5(coalesce(string_agg(md5(one::text), '' ORDER BY md5(one::text)), '')) FROM {table} one"
            )
            found[table] = cursor.fetchone()[0]
    return found


def test_n4_every_answer_tells_the_browser_what_it_may_not(people: list[Person]) -> None:
    wrong = []
    for one in people:
        for page in one.pages:
            for name, wanted in HEADERS.items():
                if wanted not in page.headers.get(name, ""):
                    wrong.append((one.name, page.path, name, page.headers.get(name)))
            policy = page.headers.get("Content-Security-Policy", "")
            if "unsafe" in policy or "*" in policy:
                wrong.append((one.name, page.path, "policy", policy))
    assert wrong == []


def test_n4_a_page_of_a_person_is_kept_nowhere(people: list[Person]) -> None:
    assert [
        (one.name, page.path)
        for one in people
        if one.name != "anyone"
        for page in one.pages
        if page.headers.get("Content-Type", "").startswith("text/html")
        and "no-store" not in page.headers.get("Cache-Control", "")
    ] == []


def test_n4_cookies_are_out_of_reach_of_scripts(people: list[Person]) -> None:
    for one in people:
        for cookie in one.client.cookies.values():
            if cookie["path"] and cookie.value:  # set by the program, and not to be forgotten
                assert cookie["httponly"], cookie.key
                assert cookie["samesite"] in {"Lax", "Strict"}, cookie.key
