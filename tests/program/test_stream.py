"""The live stream: who hears what, once, and how soon."""

import asyncio
import json
import os
import re
import socket
import subprocess
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import connection, transaction
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from pytest_django import Settings

from puhui.access import actions as access
from puhui.kernel import command
from puhui.kernel.actor import SYSTEM, Role
from puhui.kernel.command import database_now
from puhui.kernel.crypto import new_id
from puhui.kernel.journal import Change, Entry, append
from puhui.market import actions as market
from puhui.parties import queries as parties
from puhui.program import stream
from puhui.program.news import Journal
from puhui.program.supervisor import program
from tests import world as county
from tests.program.conftest import PATIENCE, await_, environment
from tests.program.test_up import free_ports
from tests.world import TOWNSHIP, World

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(transactional_db: None) -> World:
    return county.build(banks=2)


AT = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def session_of(staff_ref: str) -> str:
    return access.open_persona_session("staff", staff_ref, by=SYSTEM).token


def note(*topics: str, ref: str = "D1") -> Entry:
    """A change, written and not yet committed."""
    entry = Entry(
        action="planted.change",
        by={"role": "system"},
        subject=("planted", ref),
        at=database_now(),
        topics=topics,
    )
    append([entry])
    return entry


class Server:
    """`puhui stream` on the test's database."""

    def __init__(self, data: Path) -> None:
        self.web, self.port = free_ports()
        parts = conninfo_to_dict(
            os.environ["DATABASE_URL"], dbname=connection.settings_dict["NAME"]
        )
        self.process = subprocess.Popen(
            ["setpriv", "--pdeathsig", "TERM", *program("stream")],
            env=environment(
                data,
                DATABASE_URL=make_conninfo("", **parts),
                PUHUI_KEYS=str(django_settings.PUHUI_KEYS),
                PUHUI_BIND=f"127.0.0.1:{self.web}",
                PUHUI_STREAM_BIND=f"127.0.0.1:{self.port}",
            ),
        )
        await_(lambda: self.ask("/healthz")[0] == 200, "the stream answers")

    def ask(self, path: str, token: str = "", origin: str = "", method: str = "GET") -> Any:
        """Status, headers, and the open answer."""
        asking = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        headers = {"Cookie": f"other=1; puhui_session={token}"} if token else {}
        headers |= {"Origin": origin} if origin else {}
        try:
            asking.request(method, path, headers=headers)
            answer = asking.getresponse()
        except OSError:
            return 0, {}, None
        return answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer

    def listen(self, token: str) -> "Ear":
        status, _, answer = self.ask("/stream", token)
        assert status == 200
        return Ear(answer)


class Ear(threading.Thread):
    """Collects what one page hears."""

    def __init__(self, answer: HTTPResponse) -> None:
        super().__init__(daemon=True)
        self.answer = answer
        self.heard: list[dict[str, Any]] = []
        assert answer.readline() == b"retry: 2000\n"
        self.start()

    def run(self) -> None:
        try:
            for line in self.answer:
                if line.startswith(b"data: "):
                    self.heard.append(json.loads(line[6:]))
        except (OSError, ValueError):
            return

    def refs(self) -> list[str]:
        return [one["ref"] for one in self.heard]


@pytest.fixture
def server(world: World, folder: Path) -> Iterator[Server]:
    running = Server(folder)
    yield running
    running.process.terminate()
    running.process.wait(30)


@pytest.mark.slow
def test_p3_each_page_hears_what_concerns_it(server: Server, world: World) -> None:
    first, second = (server.listen(session_of(bank.officer.ref)) for bank in world.banks)
    deputy = server.listen(session_of(world.deputy.ref))
    other_deputy = server.listen(session_of(world.other_deputy.ref))
    with transaction.atomic():
        note(f"bank:{world.banks[0].ref}", f"township:{TOWNSHIP}", ref="ONE")
    with transaction.atomic():
        note("banks", ref="ALL")
    await_(lambda: first.refs() == ["ONE", "ALL"], "the bank hears both")
    await_(lambda: second.refs() == ["ALL"], "the other bank hears what all banks may")
    await_(lambda: deputy.refs() == ["ONE"], "the township hears its own")
    with transaction.atomic():
        note("banks", "township:990525002", ref="END")
    await_(lambda: other_deputy.refs() == ["END"], "the other township hears its own")
    await_(lambda: second.refs() == ["ALL", "END"], "nothing is told twice")
    told = [topic for one in first.heard for topic in one["topics"]]
    assert set(told) == {"banks", f"bank:{world.banks[0].ref}"}, "other people's topics stay unsaid"
    assert first.heard[0]["name"] == "planted.change"


@pytest.mark.slow
def test_ruling_11_a_deputy_from_a_bank_hears_that_something_changed_never_what(
    server: Server, world: World
) -> None:
    bank = world.banks[0]
    card = county.staff("T01", "赵镇长", Role.TOWNSHIP_ADMIN, area=TOWNSHIP, seconded=bank.ref)
    seconded = server.listen(session_of(card.ref))
    deputy = server.listen(session_of(world.deputy.ref))
    case = county.publish(world)
    taken = market.claim(case.ref, by=bank.officer)
    await_(lambda: taken.engagement_ref in deputy.refs(), "the other deputy hears of the claim")
    await_(lambda: len(seconded.heard) >= len(deputy.heard), "the page is told to look again")
    assert {(one["name"], one["ref"], tuple(one["topics"])) for one in seconded.heard} == {
        ("", "", ())
    }
    assert case.ref not in json.dumps(seconded.heard)


@pytest.mark.slow
def test_p3_a_new_demand_comes_with_its_row_to_banks_alone(server: Server, world: World) -> None:
    bank = server.listen(session_of(world.bank.officer.ref))
    office = server.listen(session_of(world.supervisor.ref))
    applicant = county.resident()
    directed = county.publish(world, directed_bank=world.banks[1].ref).ref
    case = county.publish(world, applicant).ref
    await_(lambda: case in bank.refs() and case in office.refs(), "both hear of it")
    (row,) = [one["row"] for one in bank.heard if one["ref"] == case]
    assert f'data-row="{case}"' in row and f"/bank/demands/{case}/claim" in row
    assert row.startswith("<li") and row.endswith("</li>"), "the whole row, and nothing else"
    forms = re.findall(r'name="csrfmiddlewaretoken" value="([^"]*)"', row)
    assert forms == [""] * row.count("<form") != [], "each page puts its reader's own token in"
    assert world.banks[1].ref not in row
    person = parties.applicant(applicant)
    assert person.name not in row and person.phone not in row and person.village_name not in row
    assert [one for one in office.heard if one.get("row")] == []
    assert [one for one in bank.heard if directed in json.dumps(one)] == []


@pytest.mark.slow
def test_f1_only_a_session_and_only_our_pages(server: Server, world: World) -> None:
    token = session_of(world.bank.officer.ref)
    page = f"http://127.0.0.1:{server.web}"
    assert server.ask("/stream")[0] == 403
    assert server.ask("/stream", "guessed")[0] == 403
    assert server.ask("/stream", token, "http://evil.example")[0] == 403
    assert server.ask("/stream", token, f"http://127.0.0.1:{server.port}")[0] == 403
    assert server.ask("/stream", token, method="POST")[0] == 405
    assert server.ask("/else", token)[0] == 404
    status, headers, answer = server.ask("/stream", token, page)
    assert status == 200
    assert headers["access-control-allow-origin"] == page
    assert headers["access-control-allow-credentials"] == "true"
    assert headers["content-type"].startswith("text/event-stream")
    assert headers["cache-control"] == "no-store"
    answer.close()


def test_late_commits_are_told_and_nothing_twice(world: World) -> None:
    journal = Journal()
    with transaction.atomic():
        note("banks", ref="BEFORE")
    assert journal.look() == []
    begun, go_on = threading.Event(), threading.Event()

    def slow() -> None:
        try:
            with transaction.atomic():
                note("banks", ref="LATE")
                begun.set()
                assert go_on.wait(PATIENCE)
        finally:
            connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    assert begun.wait(PATIENCE)
    with transaction.atomic():
        note("banks", ref="FAST")
    assert [one.ref for one, _row in journal.look()] == ["FAST"]
    go_on.set()
    thread.join()
    assert [one.ref for one, _row in journal.look()] == ["LATE"]
    assert journal.look() == []


@asynccontextmanager
async def open_stream() -> AsyncIterator[stream.Stream]:
    """The application with its journal watch and its ear, without a web server."""
    app = stream.Stream()
    await app._open()
    try:
        yield app
    finally:
        for task in app.tasks:
            task.cancel()
        await asyncio.gather(*app.tasks, return_exceptions=True)
        app.close_ear()


@pytest.fixture
def port(settings: Settings) -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind(("127.0.0.1", 0))
        number: int = free.getsockname()[1]
    settings.PUHUI_WAKE = ("127.0.0.1", number)
    return number


async def listener_for(app: stream.Stream, token: str) -> stream.Listener:
    topics = await stream.topics_of(token)
    assert topics
    listener = stream.Listener(token, topics)
    assert app.hub
    app.hub.add(listener)
    return listener


async def settle(condition: Any) -> None:
    async with asyncio.timeout(PATIENCE):
        while not condition():
            await asyncio.sleep(0.01)


def test_p3_a_commit_wakes_the_stream(
    world: World, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "POLL_SECONDS", 3600.0)
    looks: list[int] = []
    look = Journal.look

    def counted(self: Journal) -> Any:
        found = look(self)
        looks.append(1)
        return found

    monkeypatch.setattr(Journal, "look", counted)
    token = session_of(world.bank.officer.ref)

    def commit() -> None:
        with transaction.atomic():
            note("banks", ref="WOKEN")
        command.wake()
        connection.close()

    async def story() -> bytes:
        async with open_stream() as app:
            listener = await listener_for(app, token)
            await settle(lambda: looks)
            await asyncio.to_thread(commit)
            return await asyncio.wait_for(listener.next(), PATIENCE)

    assert b'"ref": "WOKEN"' in asyncio.run(story())


def test_a_page_is_dropped_when_its_session_ends(
    world: World, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "RECHECK_SECONDS", 0.0)
    staying, leaving = (session_of(bank.officer.ref) for bank in world.banks)

    def leave() -> None:
        from puhui.access import queries
        from puhui.kernel.actor import Via

        access.sign_out(by=queries.actor_of_session(leaving, Via.PAGE))
        connection.close()

    async def story() -> tuple[bytes, bool]:
        async with open_stream() as app:
            stays, leaves = await listener_for(app, staying), await listener_for(app, leaving)
            await asyncio.to_thread(leave)
            last = await asyncio.wait_for(leaves.next(), PATIENCE)
            return last, stays.has_ended

    assert asyncio.run(story()) == (b"", False)


def test_a_page_that_does_not_read_is_cut_off() -> None:
    async def story() -> tuple[bytes, bytes]:
        reading, idle = stream.Listener("token", {"banks"}), stream.Listener("token", {"banks"})
        for step in range(stream.LONGEST_QUEUE + 1):
            idle.tell(b"x")
            reading.tell(b"x")
            if step % 100 == 0:
                await reading.next()
        return await reading.next(), await idle.next()

    assert asyncio.run(story()) == (b"x" * 56, b"")


def test_pages_outlive_a_database_that_is_away(
    world: World, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "POLL_SECONDS", 0.01)
    look, failures = Journal.look, iter([False, True, True])

    def fail_twice(self: Journal) -> Any:
        if next(failures, False):
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        return look(self)

    monkeypatch.setattr(Journal, "look", fail_twice)
    token = session_of(world.bank.officer.ref)

    def commit() -> None:
        with transaction.atomic():
            note("banks", ref="AFTER")
        connection.close()

    async def story() -> bytes:
        async with open_stream() as app:
            listener = await listener_for(app, token)
            await settle(lambda: next(failures, None) is None)
            await asyncio.to_thread(commit)
            return await asyncio.wait_for(listener.next(), PATIENCE)

    assert b"AFTER" in asyncio.run(story())


@pytest.mark.parametrize(("topics", "told"), [(("banks",), ""), (("banks", "bank:B01"), "E7")])
def test_g1_a_bank_does_not_hear_which_bank_changed_an_open_demand(
    topics: tuple[str, ...], told: str
) -> None:
    change = Change(new_id(), AT, topics, "engagement.refuse", "E7")
    sent = stream.render(change, topics)
    assert (b"E7" in sent) is bool(told) and (b"refuse" in sent) is bool(told)
