"""Delivery: in order, at least once under one id, retried for a day, parked, nothing personal left behind."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from psycopg.conninfo import make_conninfo

from puhui.config.logs import JsonFormatter
from puhui.kernel.actor import SYSTEM, NotAllowed
from puhui.kernel.command import Refused, database_now
from puhui.kernel.models import OutboxMessage
from puhui.notices import actions, outbox, queries, sweeps
from puhui.notices.models import WebhookEndpoint
from puhui.notices.rules import GIVE_UP_AFTER, LONGEST_RETRY, SPREAD, next_try, rest_after
from puhui.notices.terms import Event, Telling
from tests import world
from tests.notices import lines
from tests.notices.receiver import Receiver, receiver

ALL = [str(event) for event in Event]


def announce(county: world.World, number: int, order_key: str = "112401", bank: int = 0) -> None:
    actions.announce(
        "demand.published", [county.banks[bank].id], {"n": number}, order_key, by=SYSTEM
    )


def numbers(requests: list[Any]) -> list[int]:
    return [request.content["data"]["n"] for request in requests]


def make_due() -> None:
    """As if the time of waiting were over, for messages and endpoints alike."""
    OutboxMessage.objects.filter(state="waiting").update(due_at=database_now())
    WebhookEndpoint.objects.update(rest_until=None)


def drain() -> None:
    while sweeps.deliver_webhooks():
        make_due()


def only() -> OutboxMessage:
    return OutboxMessage.objects.get()


@pytest.fixture
def endpoint(county: world.World, bank_server: Receiver) -> Receiver:
    actions.register_webhook(bank_server.url, ALL, by=county.bank.officer)
    return bank_server


def test_d3_events_of_one_demand_arrive_in_order_whatever_fails(
    county: world.World, endpoint: Receiver
) -> None:
    for number in range(6):
        announce(county, number)
    endpoint.answers = [500, 204, 503, 429, 404, 204, 302]
    drain()
    assert numbers(endpoint.accepted) == [0, 1, 2, 3, 4, 5]
    ids = [request.id for request in endpoint.accepted]
    assert len(set(ids)) == 6
    assert {request.id for request in endpoint.requests} == set(ids), "a retry has a new id"
    bodies = {request.id: set[bytes]() for request in endpoint.requests}
    for request in endpoint.requests:
        bodies[request.id].add(request.body)
    assert all(len(found) == 1 for found in bodies.values())


def test_d3_one_demand_does_not_wait_for_another(county: world.World, endpoint: Receiver) -> None:
    announce(county, 1, "112401")
    announce(county, 2, "112402")
    endpoint.answers = [500]
    sweeps.deliver_webhooks()
    assert numbers(endpoint.accepted) == [2]
    assert only_waiting() == 1


def only_waiting() -> int:
    return OutboxMessage.objects.filter(state="waiting").count()


def test_one_bank_does_not_wait_for_another(
    county: world.World, endpoint: Receiver, other_server: Receiver
) -> None:
    actions.register_webhook(other_server.url, ALL, by=county.banks[1].officer)
    held = threading.Event()
    endpoint.before = lambda _request: held.wait(3)
    for number in range(5):
        announce(county, number, f"11240{number}", bank=0)
        announce(county, number, f"11240{number}", bank=1)

    def let_go() -> None:
        other_server.wait_for(5, of="accepted")
        held.set()

    watcher = threading.Thread(target=let_go)
    watcher.start()
    sweeps.deliver_webhooks()
    watcher.join(10)
    assert held.is_set() and len(other_server.accepted) == 5


def test_no_redirect_is_followed(county: world.World, endpoint: Receiver) -> None:
    announce(county, 1)
    endpoint.answers = [307]
    sweeps.deliver_webhooks()
    assert [request.path for request in endpoint.requests] == ["/"]
    assert only().last_error == "status 307"


def test_d3_it_is_tried_for_a_day_then_parked_and_seen(
    county: world.World, endpoint: Receiver
) -> None:
    announce(county, 1)
    endpoint.answers = [500] * 3
    sweeps.deliver_webhooks()
    message = only()
    assert message.state == "waiting" and message.due_at > database_now()
    assert sweeps.deliver_webhooks() == 0, "not before its time"
    OutboxMessage.objects.update(created_at=database_now() - GIVE_UP_AFTER - timedelta(seconds=1))
    make_due()
    sweeps.deliver_webhooks()
    message.refresh_from_db()
    assert (message.state, message.attempts, message.lease_until) == ("parked", 2, None)
    (seen,) = queries.parked(county.supervisor)
    assert (seen.kind, seen.what, seen.organisation, seen.last_error, seen.attempts) == (
        "webhook",
        "demand.published",
        "试验一号银行",
        "status 500",
        2,
    )
    for actor in (county.bank.officer, county.applicant, county.deputy):
        with pytest.raises(NotAllowed):
            queries.parked(actor)
    announce(county, 2)
    endpoint.answers = []
    sweeps.deliver_webhooks()
    assert numbers(endpoint.accepted) == [2], "a parked message holds nobody up"


def test_a_parked_message_may_be_sent_again(county: world.World, endpoint: Receiver) -> None:
    announce(county, 1)
    OutboxMessage.objects.update(state="parked")
    actions.send_again(only().pk, by=county.admin)
    sweeps.deliver_webhooks()
    assert numbers(endpoint.accepted) == [1]
    with pytest.raises(Refused):
        actions.send_again(only().pk, by=county.admin)
    with pytest.raises(NotAllowed):
        actions.send_again(only().pk, by=county.supervisor)


def test_waits_double_to_an_hour_with_a_spread_and_end_after_a_day() -> None:
    start = datetime(2026, 11, 1, tzinfo=UTC)
    waits = [next_try(start, start, attempts, SPREAD // 2) for attempts in range(1, 14)]
    seconds = [(at - start).total_seconds() for at in waits if at is not None]
    assert seconds == [2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 3600, 3600]
    assert next_try(start, start, 1, 0) == start + timedelta(seconds=1.5)
    assert next_try(start, start, 1, SPREAD) == start + timedelta(seconds=2.5)
    assert next_try(start, start, 10**6, SPREAD) == start + LONGEST_RETRY * 1.25
    late = start + GIVE_UP_AFTER - timedelta(seconds=1)
    assert next_try(start, late, 20, SPREAD) == start + GIVE_UP_AFTER
    assert next_try(start, start + GIVE_UP_AFTER, 1, 0) is None
    assert [rest_after(count).total_seconds() for count in (1, 2, 5, 6, 99)] == [2, 4, 32, 60, 60]


def test_c9_a_dead_endpoint_is_asked_once_for_all_its_messages(county: world.World) -> None:
    with receiver() as gone:
        actions.register_webhook(gone.url, ALL, by=county.bank.officer)
    for number in range(10):
        announce(county, number, f"key {number}")
    sweeps.deliver_webhooks()
    attempts = sorted(OutboxMessage.objects.values_list("attempts", flat=True))
    assert attempts == [0] * 9 + [1]
    assert set(OutboxMessage.objects.values_list("last_error", flat=True)) == {
        "",
        "ConnectionRefusedError",
    }
    card = queries.my_webhook(county.bank.officer)
    assert card is not None and card.failures == 1
    OutboxMessage.objects.update(due_at=database_now())
    sweeps.deliver_webhooks()
    assert sorted(OutboxMessage.objects.values_list("attempts", flat=True)) == attempts, "it rests"


def test_an_endpoint_that_answers_again_is_trusted_again(
    county: world.World, endpoint: Receiver
) -> None:
    WebhookEndpoint.objects.update(failures=5)
    announce(county, 1)
    sweeps.deliver_webhooks()
    card = queries.my_webhook(county.bank.officer)
    assert card is not None and card.failures == 0


@pytest.mark.parametrize("manner", [lines.trickle, lines.silence, lines.nonsense, lines.hang_up])
def test_c9_slow_silent_and_broken_endpoints_cost_a_bounded_time(
    county: world.World, monkeypatch: pytest.MonkeyPatch, manner: Any
) -> None:
    monkeypatch.setattr("puhui.notices.carriers.TOTAL_SECONDS", 0.6)
    with lines.serve(manner) as url:
        actions.register_webhook(url, ALL, by=county.bank.officer)
        announce(county, 1)
        assert sweeps.deliver_webhooks() == 1
    message = only()
    assert message.state == "waiting"
    expected = {"trickle": {"timeout"}, "silence": {"timeout"}}
    assert message.last_error in expected.get(
        manner.__name__, {"BadStatusLine", "RemoteDisconnected", "ConnectionResetError"}
    )


def test_without_endpoint_an_event_is_parked(county: world.World, endpoint: Receiver) -> None:
    announce(county, 1)
    WebhookEndpoint.objects.update(ended_at=database_now())
    sweeps.deliver_webhooks()
    assert (only().state, only().last_error) == ("parked", "no endpoint")


def test_a_payload_that_does_not_open_is_parked_and_holds_nobody_up(
    county: world.World, endpoint: Receiver
) -> None:
    announce(county, 1)
    OutboxMessage.objects.update(sealed_payload=b"\x00" * 60)
    announce(county, 2)
    sweeps.deliver_webhooks()
    sweeps.deliver_webhooks()
    assert numbers(endpoint.accepted) == [2]
    assert queries.parked(county.admin)[0].last_error == "undecipherable"


def test_a_leased_row_is_left_alone_until_its_lease_ends(
    county: world.World, endpoint: Receiver
) -> None:
    announce(county, 1)
    OutboxMessage.objects.update(lease_until=database_now() + timedelta(seconds=5), attempts=1)
    assert sweeps.deliver_webhooks() == 0
    OutboxMessage.objects.update(lease_until=database_now() - timedelta(seconds=1))
    assert sweeps.deliver_webhooks() == 1
    assert only().attempts == 2


def test_other_kinds_of_messages_are_not_ours(county: world.World, endpoint: Receiver) -> None:
    announce(county, 1)
    OutboxMessage.objects.update(kind="fax")
    assert (sweeps.deliver_webhooks(), sweeps.deliver_texts()) == (0, 0)


def test_g2_no_phone_text_or_address_in_logs_and_errors(
    county: world.World, settings: Any, endpoint: Receiver, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    secrets = ["19800007777", "对接号", "4718", "tok3n", "gateway-path"]
    with receiver() as gone:
        settings.SMS_URL = f"{gone.url}/gateway-path?token=tok3n"
        actions.register_webhook(f"{endpoint.url}/hook?token=tok3n", ALL, by=county.bank.officer)
    params = {"行": "试一行", "号": "4718"}
    actions.tell([Telling("S05", "19800007777", params)], by=SYSTEM)
    announce(county, 1)
    endpoint.answers = [500]
    for _try in range(3):
        sweeps.deliver_texts()
        sweeps.deliver_webhooks()
        OutboxMessage.objects.update(
            due_at=database_now(), created_at=database_now() - timedelta(days=2)
        )
    assert OutboxMessage.objects.filter(state="parked").count() >= 1
    formatter = JsonFormatter()
    told = "\n".join(formatter.format(record) for record in caplog.records)
    told += "\n".join(
        str(record.__dict__) for record in caplog.records if "django.db" not in record.name
    )
    told += "".join(OutboxMessage.objects.values_list("last_error", flat=True))
    assert "parked" in told
    assert not [secret for secret in secrets if secret in told]


def test_a_bug_met_by_one_row_does_not_send_the_others_twice(
    county: world.World, endpoint: Receiver
) -> None:
    from puhui.kernel.crypto import seal_blob

    announce(county, 1, "a")
    odd = only()
    payload = json.dumps({"organisation": str(county.bank.id), "id": "not allowed!"}).encode()
    OutboxMessage.objects.update(sealed_payload=seal_blob(payload, f"outbox:{odd.pk}"))
    announce(county, 2, "b")
    for _try in range(3):
        sweeps.deliver_webhooks()
    odd.refresh_from_db()
    assert numbers(endpoint.accepted) == [2]
    assert (odd.state, odd.last_error) == ("waiting", "KeyError")


WORKER = """
import django; django.setup()
from puhui.notices import sweeps
print("ready", flush=True)
while True:
    sweeps.deliver_webhooks()
"""


@contextmanager
def worker() -> Iterator[subprocess.Popen[bytes]]:
    """A worker process of its own, on this test's database; ends with the test."""
    address = make_conninfo(os.environ["DATABASE_URL"], dbname=connection.settings_dict["NAME"])
    environment = os.environ | {
        "DATABASE_URL": address,
        "DJANGO_SETTINGS_MODULE": "puhui.config.settings",
    }
    child = subprocess.Popen(
        [sys.executable, "-c", WORKER], env=environment, cwd=Path.cwd(), stdout=subprocess.PIPE
    )
    try:
        assert child.stdout is not None
        child.stdout.readline()
        yield child
    finally:
        child.kill()
        child.wait()


@pytest.mark.django_db(transaction=True)
def test_c3_a_worker_killed_inside_a_delivery_leaves_it_to_another(bank_server: Receiver) -> None:
    county = world.build()
    actions.register_webhook(bank_server.url, ALL, by=county.bank.officer)
    held = threading.Event()
    bank_server.before = lambda _request: held.wait(30)
    with worker() as first:
        announce(county, 1)
        (begun,) = bank_server.wait_for(1)
        assert sweeps.deliver_webhooks() == 0, "it is leased"
        first.kill()
        first.wait()
    assert only().state == "waiting"
    held.set()
    with worker():
        arrived = bank_server.wait_for(2, seconds=15)
        wait_until_delivered()
    assert {request.id for request in arrived} == {begun.id}
    assert {request.body for request in arrived} == {begun.body}
    assert (only().attempts, len(bank_server.requests)) == (2, 2)


def wait_until_delivered() -> None:
    still = threading.Event()
    for _try in range(200):
        if not only_waiting():
            return
        still.wait(0.05)
    raise AssertionError("not delivered")


@pytest.mark.django_db(transaction=True)
def test_two_workers_send_each_message_once_and_in_order(bank_server: Receiver) -> None:
    county = world.build()
    actions.register_webhook(bank_server.url, ALL, by=county.bank.officer)
    for number in range(60):
        announce(county, number, f"demand {number % 6}")
    with worker(), worker():
        bank_server.wait_for(60, of="accepted")
        wait_until_delivered()
    assert sorted(numbers(bank_server.requests)) == list(range(60))
    for demand in range(6):
        mine = [n for n in numbers(bank_server.requests) if n % 6 == demand]
        assert mine == sorted(mine)


def test_rows_leased_too_late_in_a_batch_are_put_back_untried(
    county: world.World, endpoint: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A slow endpoint must not let a lease run out under rows that are still to be sent."""
    monkeypatch.setattr(outbox, "LEASE_SECONDS", 5)
    announce(county, 1)
    assert sweeps.deliver_webhooks() == 1
    assert endpoint.requests == []
    message = only()
    assert (message.attempts, message.lease_until, message.state) == (0, None, "waiting")


def test_j1_a_copy_that_was_brought_back_sends_nothing_until_armed(
    county: world.World, endpoint: Receiver
) -> None:
    announce(county, 1)
    actions.hold_sending("restored", by=SYSTEM)
    actions.hold_sending("restored", by=SYSTEM)
    announce(county, 2)
    assert (sweeps.deliver_webhooks(), endpoint.requests) == (0, [])
    assert actions.resume_sending(by=SYSTEM) == 0
    drain()
    assert numbers(endpoint.accepted) == [1, 2]
    with pytest.raises(Refused, match="not_held"):
        actions.resume_sending(by=SYSTEM)


def test_what_waited_when_it_was_held_may_be_dropped(
    county: world.World, endpoint: Receiver
) -> None:
    announce(county, 1)
    actions.hold_sending("restored", by=SYSTEM)
    announce(county, 2)
    assert actions.resume_sending(drop=True, by=SYSTEM) == 1
    sweeps.deliver_webhooks()
    assert numbers(endpoint.accepted) == [2]
