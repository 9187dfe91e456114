"""One person with unmistakable data goes through the whole program, errors forced on the way.

Nothing of them may be found where it does not belong: what banks get before a claim and by webhook
(G1), every log of the program and of its database (G2).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from typing import Any
from urllib.parse import quote, urlencode

import psycopg
import pytest

from puhui.program.supervisor import program
from puhui.rest.schemas import examples
from tests import world
from tests.figures.county import Plan
from tests.figures.site import Answer, Caller, Cluster, Site, await_
from tests.notices.receiver import receiver

pytestmark = pytest.mark.slow

NAME, PHONE, STORY = "欧阳植名", "13912345678", "东头第三家的羊圈"
NUMBER = world.identity_number(777, "19700707")
EVENTS = ["demand.published", "demand.withdrawn", "engagement.released", "journal.head"]


def spellings(word: str) -> set[str]:
    """A word as text, in an address, in JSON's escapes, in Python's and in PostgreSQL's bytes."""
    octets = word.encode()
    return {
        word,
        quote(word),
        json.dumps(word)[1:-1],
        octets.hex(),
        repr(octets)[2:-1],
        "".join(f"\\{byte:03o}" for byte in octets),
    }


PLANTED = {
    spelling for word in (NAME, PHONE, STORY, NUMBER, "植名") for spelling in spellings(word)
}
IN_PARTS = {f"{PHONE[:3]} {PHONE[3:7]} {PHONE[7:]}", f"{PHONE[:3]}-{PHONE[3:7]}-{PHONE[7:]}"}


def planted_in(text: str) -> set[str]:
    return {one for one in PLANTED | IN_PARTS if one in text}


def clean(answer: Answer) -> Answer:
    assert planted_in(answer.body.decode()) == set()
    assert planted_in(json.dumps(answer.headers)) == set()
    return answer


class Pages:
    """A browser without a screen: cookies, forms with their token."""

    def __init__(self, site: Site, token: str = "") -> None:
        self.site = site
        self.cookies = {"puhui_session": token} if token else {}

    def get(self, path: str) -> Answer:
        return self._send("GET", path)

    def post(self, path: str, **fields: str) -> Answer:
        self.cookies["puhui_csrf"] = "c" * 32
        form = urlencode({**fields, "csrfmiddlewaretoken": "c" * 32}).encode()
        return self._send("POST", path, form, {"Content-Type": "application/x-www-form-urlencoded"})

    def _send(
        self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None
    ) -> Answer:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        line = HTTPConnection("127.0.0.1", self.site.port, timeout=20)
        try:
            line.request(method, path, body, {"Cookie": cookies, **(headers or {})})
            response = line.getresponse()
            return Answer(response.status, response.read(), dict(response.getheaders()))
        finally:
            line.close()


@contextmanager
def planted_site(cluster: Cluster) -> Iterator[Site]:
    site = cluster.county(Plan(2, 0, person=[NAME, NUMBER, PHONE, STORY]))
    site.start(program("work"))
    try:
        with site.serving():
            yield site
    finally:
        site.stop()


def before_a_claim(site: Site) -> str:
    """A bank looks, and is refused in every way; then the applicant starts anew."""
    bank, demand = site.bank(), site.county.demands[0]
    person = Caller(site.port, demand.headers)
    listed = clean(bank.send("GET", "/api/v1/bank/demands"))
    assert [one["ref"] for one in listed.content["items"]] == [demand.ref]
    for path in (PHONE, NUMBER, quote(NAME), demand.ref):
        assert clean(bank.send("GET", f"/api/v1/bank/engagements/{path}")).status == 404
    assert person.post(f"/api/v1/my/demands/{demand.ref}/withdrawal", {}, "w1").status == 200
    wish = {**examples.DEMAND, "story": STORY}
    sent = person.post("/api/v1/my/demands", wish, "p1")
    assert sent.status == 201, sent.body.decode()
    clean(bank.send("GET", "/api/v1/bank/demands"))
    return str(sent.content["ref"])


def through_a_case(site: Site, ref: str) -> None:
    bank = site.bank()
    claimed = clean(bank.post(f"/api/v1/bank/demands/{ref}/claim", {}, "c1"))
    assert claimed.status == 201
    case = f"/api/v1/bank/engagements/{claimed.content['engagement_ref']}"
    assert NAME in bank.send("GET", case).body.decode(), "contact is served after a claim, there"
    without = bank.send("GET", f"{case}?contact=false").body.decode()
    assert planted_in(without) <= {STORY}, "the wish in the applicant's words is the bank's now"
    clean(bank.send("GET", "/api/v1/bank/engagements"))
    call = clean(bank.post(f"{case}/calls", None, "c2"))
    done = {"call": call.content["ref"], "result": "connected", "duration_seconds": 60}
    assert clean(bank.post(f"{case}/callback", done, "c3")).status == 200
    assert clean(bank.post(f"{case}/release", {"reason": "住得太远"}, "c4")).status == 200
    assert NAME not in bank.send("GET", case).body.decode()


def refused_requests(site: Site) -> None:
    """Mistakes of callers, each with somebody's data in it."""
    bank, person = site.bank(), Caller(site.port, site.county.demands[0].headers)
    wrong: list[Any] = [
        f'{{"name": "{NAME}", '.encode(),
        {NAME: PHONE, "story": STORY},
        {"officer": f"{NAME}{PHONE}{NUMBER}"},
        [NAME, PHONE],
        b"\xff" + PHONE.encode(),
    ]
    for number, body in enumerate(wrong):
        for caller, path in ((bank, "/bank/demands/1/claim"), (person, "/my/demands")):
            answer = clean(caller.post(f"/api/v1{path}", body, f"bad-{PHONE}-{number}"))
            assert 400 <= answer.status < 500
    anyone = Caller(site.port, {})
    for path, body in (
        ("/auth/codes", {"phone": PHONE}),
        ("/auth/sessions", {"phone": PHONE, "code": "000000"}),
        ("/auth/sessions", {"login": NAME, "password": PHONE, "totp": "000000"}),
    ):
        assert clean(anyone.send("POST", f"/api/v1{path}", body)).status < 500
    for path in (f"/my/{PHONE}/", f"/{quote(NAME)}", f"/api/v1/{NUMBER}", f"/bank/?q={PHONE}"):
        assert anyone.send("GET", path).status < 500


def pages(site: Site) -> None:
    """The same person's pages, and forms with their data."""
    session = site.county.demands[0].token
    person, stranger = Pages(site, session), Pages(site)
    assert NAME[-1] in person.get("/my/").body.decode() or person.get("/my/").status < 400
    for path in ("/my/", "/my/data", "/my/messages", "/ask/1", "/ask/3"):
        assert person.get(path).status < 500
    for path, fields in (
        ("/sign-in", {"phone": PHONE}),
        ("/ask/1", {"amount": PHONE, "story": STORY}),
        ("/ask/3", {"name": NAME, "identity_number": NUMBER, "phone": PHONE}),
        ("/staff/sign-in", {"login": NAME, "password": PHONE}),
    ):
        answer = stranger.post(path, **fields)
        assert answer.status < 500
        assert planted_in(answer.headers.get("Location", "")) == set()


def broken_inside(site: Site) -> None:
    """Bugs and a broken database, while the person's data is being handled."""
    person = Caller(site.port, site.county.demands[0].headers)
    wish = {**examples.DEMAND, "another": True, "story": STORY}
    constraint = "ALTER TABLE notices_notice ADD CONSTRAINT planted CHECK (words = '') NOT VALID"
    site.change(constraint)
    assert clean(person.post("/api/v1/my/demands", wish, "e1")).status == 500
    site.change("ALTER TABLE notices_notice DROP CONSTRAINT planted")
    site.change("ALTER TABLE market_clock RENAME TO hidden")
    assert clean(person.post("/api/v1/my/demands", wish, "e2")).status == 500
    site.change("ALTER TABLE hidden RENAME TO market_clock")
    site.change(
        "CREATE FUNCTION planted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        f" RAISE EXCEPTION '{NAME} {PHONE}' USING DETAIL = '{NUMBER}', HINT = '{STORY}'; END $$"
    )
    site.change(
        "CREATE TRIGGER planted BEFORE INSERT ON market_financingdemand"
        " FOR EACH ROW EXECUTE FUNCTION planted()"
    )
    assert clean(person.post("/api/v1/my/demands", wish, "e3")).status == 500
    site.change("DROP TRIGGER planted ON market_financingdemand")
    with psycopg.connect(site.url, autocommit=True) as db, pytest.raises(psycopg.Error):
        db.execute("SELECT 1 / 0 WHERE %s = %s", [NAME, PHONE])
    file = f"姓名,电话\n{NAME},{PHONE}\n".encode()
    admin = {"Authorization": f"Bearer {site.county.admin}", "Idempotency-Key": "i1"}
    parts = (
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="' + NAME.encode()
        + b'.csv"\r\nContent-Type: text/csv\r\n\r\n' + file + b"\r\n--x--\r\n"
    )  # fmt: skip
    kind = {"Content-Type": "multipart/form-data; boundary=x"}
    answer = Caller(site.port, {**admin, **kind}).send(
        "POST", "/api/v1/admin/residents/import", parts
    )
    assert 0 < answer.status < 500


def test_g1_g2_nothing_of_a_planted_person_is_found_where_it_does_not_belong(
    cluster: Cluster,
) -> None:
    server_log = cluster.embedded.log
    began = len(server_log.read_bytes())
    with receiver() as webhook, planted_site(cluster) as site:
        told = {"url": webhook.url, "events": EVENTS}
        caller = Caller(site.port, {**site.county.banks[0].headers, "Idempotency-Key": "h1"})
        assert caller.send("PUT", "/api/v1/bank/webhook", told).status == 200
        ref = before_a_claim(site)
        through_a_case(site, ref)
        refused_requests(site)
        pages(site)
        broken_inside(site)
        webhook.wait_for(3, of="accepted")
        await_(lambda: site.ask("SELECT count(*) FROM kernel_unsealedentry") == [(0,)], "sealed")
    for request in webhook.accepted:
        assert (
            planted_in(request.body.decode() + json.dumps(request.headers) + request.path) == set()
        )
    assert {json.loads(one.body)["type"] for one in webhook.accepted} >= {
        "demand.withdrawn",
        "demand.published",
        "engagement.released",
    }
    assert "an operation failed" in site.log(), "the forced errors were logged"
    assert planted_in(site.log()) == set()
    assert planted_in(server_log.read_bytes()[began:].decode()) == set()
    assert (
        planted_in("\n".join(row[0] for row in site.ask("SELECT body FROM kernel_sealedentry")))
        == set()
    )
