"""Webhooks of organisations: who registers where, what leaves, signed, in order; never inwards."""

from __future__ import annotations

import base64
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from puhui.kernel import journal
from puhui.kernel.actor import SYSTEM, Actor, NotAllowed
from puhui.kernel.command import Refused, database_now
from puhui.kernel.crypto import BadSignature, verify_webhook
from puhui.kernel.models import Installation, OutboxMessage
from puhui.notices import actions, queries, sweeps
from puhui.notices.models import AnnouncedHead, WebhookEndpoint
from puhui.notices.rules import is_callable, target_of
from puhui.notices.terms import Event, Refusals
from tests import world
from tests.notices.receiver import Receiver

ALL = [str(event) for event in Event]
DATA = {"demand": "112401"}


def refused(url: str, by: Actor, events: list[str] | None = None) -> Any:
    with pytest.raises(Refused) as caught:
        actions.register_webhook(url, ALL if events is None else events, by=by)
    assert WebhookEndpoint.objects.count() == 0
    return caught.value.reason


def test_a_bank_registers_its_endpoint_and_a_new_one_ends_it(
    county: world.World, bank_server: Receiver, other_server: Receiver
) -> None:
    officer = county.bank.officer
    for server in (bank_server, other_server):
        actions.register_webhook(server.url, [*ALL, ALL[0]], by=officer)
    card = queries.my_webhook(officer)
    assert card is not None
    assert (card.url, card.events) == (other_server.url, tuple(ALL))
    assert WebhookEndpoint.objects.filter(ended_at__isnull=True).count() == 1
    assert queries.my_webhook(county.banks[1].officer) is None


def test_only_banks_register(county: world.World) -> None:
    for actor in (county.applicant, county.deputy, county.supervisor, county.admin):
        with pytest.raises(NotAllowed):
            actions.register_webhook("https://example.org/", ALL, by=actor)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "example.org",
        "ftp://example.org/",
        "file:///etc/passwd",
        "http://example.org/",
        "https://",
        "https://user:secret@example.org/",
        "https://example.org/#part",
        "https://example.org/a b",
        "https://exa\nmple.org/",
        "https://example.org:99999/",
        "https://例子.org/",
        "https://example.org/" + "a" * 500,
    ],
)
def test_an_odd_address_is_refused(county: world.World, url: str) -> None:
    assert refused(url, county.bank.officer) is Refusals.URL_BAD


@pytest.mark.parametrize(
    "host",
    [
        "10.0.0.7",
        "172.16.3.4",
        "192.168.1.1",
        "169.254.169.254",
        "100.100.100.200",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "[::]",
        "[fe80::1]",
        "[fd00:ec2::254]",
        "[::ffff:10.0.0.1]",
        "[::ffff:169.254.169.254]",
        "[64:ff9b::a9fe:a9fe]",
        "[2002:a9fe:a9fe::1]",
        "2852039166",
        "0xa9fea9fe",
        "0251.0376.0251.0376",
    ],
)
def test_n4_inner_addresses_are_refused(county: world.World, host: str) -> None:
    assert refused(f"https://{host}/hook", county.bank.officer) is Refusals.URL_INWARD


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "[::1]", "127.1", "2130706433", "[::ffff:127.0.0.1]"]
)
def test_n4_in_a_county_the_own_machine_is_refused(county: world.World, host: str) -> None:
    Installation.objects.update(kind="county")
    assert refused(f"https://{host}/hook", county.bank.officer) is Refusals.URL_INWARD
    assert refused(f"http://{host}/hook", county.bank.officer) is Refusals.URL_BAD


def test_a_name_that_is_nobodys_is_refused(county: world.World) -> None:
    assert refused("https://nobody.invalid/", county.bank.officer) is Refusals.URL_UNRESOLVED


@pytest.mark.parametrize("events", [[], ["demand.published", "demand.burnt"]])
def test_unknown_events_are_refused(county: world.World, events: list[str]) -> None:
    assert refused("http://127.0.0.1:9/", county.bank.officer, events) is Refusals.EVENTS_BAD


def test_public_addresses_may_be_called() -> None:
    assert is_callable("1.1.1.1", is_demo=False) and is_callable("2606:4700::1111", is_demo=False)
    assert target_of("https://bank.example.org/hook?a=1").path == "/hook?a=1"


def test_n4_where_an_address_leads_is_judged_again_at_delivery(
    county: world.World, bank_server: Receiver
) -> None:
    """What was registered may lead elsewhere by now: the name's address is checked at each call."""
    WebhookEndpoint.objects.create(
        organisation_id=county.bank.id,
        url=bank_server.url.replace("http://", "https://"),
        events=ALL,
        created_at=database_now(),
    )
    Installation.objects.update(kind="county")
    actions.announce("demand.published", [county.bank.id], DATA, "112401", by=SYSTEM)
    assert sweeps.deliver_webhooks() == 1
    message = OutboxMessage.objects.get()
    assert (message.state, message.last_error) == ("waiting", "address not allowed")
    assert bank_server.requests == []


def test_d3_an_event_is_signed_for_the_published_key(
    county: world.World, bank_server: Receiver
) -> None:
    officer = county.bank.officer
    actions.register_webhook(f"{bank_server.url}/hook?a=1", ALL, by=officer)
    sent = actions.announce(
        "demand.published", [bank.id for bank in county.banks], DATA, "112401", by=SYSTEM
    )
    assert sent == 1 and sweeps.deliver_webhooks() == 1
    (request,) = bank_server.accepted
    assert request.path == "/hook?a=1"
    assert request.content == {
        "id": request.id,
        "type": "demand.published",
        "timestamp": request.content["timestamp"],
        "data": DATA,
    }
    key = queries.get_webhook_key(officer)
    assert verify_webhook(key, request.headers, request.body, database_now()) == request.id
    with pytest.raises(BadSignature):
        verify_webhook(key, request.headers, request.body + b" ", database_now())
    signature = request.headers["webhook-signature"].removeprefix("v1a,")
    plain = f"{request.id}.{request.headers['webhook-timestamp']}.".encode() + request.body
    public = Ed25519PublicKey.from_public_bytes(base64.b64decode(key.removeprefix("whpk_")))
    public.verify(base64.b64decode(signature), plain)


def test_only_what_was_asked_for_is_sent(county: world.World, bank_server: Receiver) -> None:
    actions.register_webhook(bank_server.url, ["offer.chosen"], by=county.bank.officer)
    everybody = [bank.id for bank in county.banks]
    assert actions.announce("demand.published", everybody, DATA, "112401", by=SYSTEM) == 0
    assert actions.announce("offer.chosen", everybody, DATA, "112401", by=SYSTEM) == 1
    with pytest.raises(ValueError):
        actions.announce("demand.burnt", everybody, DATA, "112401", by=SYSTEM)


def test_h1_the_journals_head_goes_to_the_banks_once(
    county: world.World, bank_server: Receiver
) -> None:
    actions.register_webhook(bank_server.url, ALL, by=county.bank.officer)
    while journal.seal():
        pass
    assert sweeps.announce_head() == 1
    sweeps.deliver_webhooks()
    head = journal.latest_head()
    assert head is not None
    assert bank_server.accepted[0].content["data"] == head.as_dict()
    assert bank_server.accepted[0].content["type"] == "journal.head"
    AnnouncedHead.objects.update(at=database_now() - timedelta(minutes=2))
    assert sweeps.announce_head() == 0, "the same head again"
    actions.register_webhook(bank_server.url, ALL, by=county.bank.officer)
    journal.seal()
    assert [sweeps.announce_head(), sweeps.announce_head()] == [1, 0]
    actions.register_webhook(bank_server.url, ALL, by=county.bank.officer)
    journal.seal()
    assert sweeps.announce_head() == 0, "within the same minute"


def test_announcing_a_head_makes_no_new_head(county: world.World, bank_server: Receiver) -> None:
    actions.register_webhook(bank_server.url, ALL, by=county.bank.officer)
    while journal.seal():
        pass
    sweeps.announce_head()
    sweeps.deliver_webhooks()
    assert journal.seal() == 0
