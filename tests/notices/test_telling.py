"""Telling people: inbox and text messages in a fixed number of statements, nothing readable at rest."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from puhui.kernel.actor import ANYONE, SYSTEM, NotAllowed
from puhui.kernel.command import Refused
from puhui.kernel.crypto import open_blob
from puhui.kernel.models import Installation, OutboxMessage
from puhui.notices import actions, queries, sweeps
from puhui.notices.models import Notice, TextMessage
from puhui.notices.terms import Telling
from tests import world
from tests.notices.receiver import Receiver

PHONE = "19800009999"


def of(code: str, county: world.World, **params: object) -> Telling:
    return Telling(code, PHONE, params, resident=county.applicant.person, subject_ref="112401")


def statements(tellings: list[Telling]) -> int:
    with CaptureQueriesContext(connection) as captured:
        actions.tell(tellings, by=SYSTEM)
    return len(captured)


def test_inbox_has_the_words_and_the_phone_has_them_signed(county: world.World) -> None:
    actions.tell([of("S05", county, 行="试一行", 号="4718")], by=SYSTEM)
    (line,) = queries.inbox(county.applicant)
    assert (
        line.words == "试一行接了您的事，马上来电，请留意接听。来电先报对接号4718，报不出的请挂断。"
    )
    assert (line.subject_ref, line.is_read) == ("112401", False)
    (text,) = queries.demo_phone(SYSTEM, PHONE)
    assert text.words == f"【河山普惠】{line.words}"


def test_the_hotline_is_filled_in_and_may_be_overruled(county: world.World) -> None:
    actions.tell(
        [of("S09", county, 编号="112401"), of("S09", county, 编号="1", 热线="12345")], by=SYSTEM
    )
    words = {line.words for line in queries.inbox(county.applicant)}
    assert any("0000-1100" in one for one in words) and any("12345" in one for one in words)


def test_a_sign_in_code_is_not_kept_in_an_inbox(county: world.World) -> None:
    actions.tell([of("S01", county, 码="482913")], by=SYSTEM)
    assert queries.inbox(county.applicant) == []
    assert "482913" in queries.demo_phone(SYSTEM, PHONE)[0].words


def test_without_a_phone_it_goes_to_the_inbox_alone(county: world.World) -> None:
    staff = county.deputy
    actions.tell(
        [Telling("T01", "", {"地": "河湾", "编号": "112401"}, staff=staff.person)], by=SYSTEM
    )
    assert len(queries.inbox(staff)) == 1
    assert TextMessage.objects.count() == 0


def test_many_tellings_take_as_many_statements_as_one(county: world.World, settings: Any) -> None:
    settings.SMS_URL = "http://127.0.0.1:9/"
    one = statements([of("S05", county, 行="试一行", 号="4718")])
    fifty = statements([of("S05", county, 行="试一行", 号="4718") for _ in range(50)])
    assert one == fifty <= 9
    assert (Notice.objects.count(), OutboxMessage.objects.count()) == (51, 51)


def test_a_demo_without_gateway_only_shows_its_texts(county: world.World) -> None:
    actions.tell([of("S05", county, 行="试一行", 号="4718")], by=SYSTEM)
    assert OutboxMessage.objects.count() == 0


def test_a_county_never_drops_a_text_for_want_of_a_gateway(county: world.World) -> None:
    Installation.objects.update(kind="county")
    actions.tell([of("S05", county, 行="试一行", 号="4718")], by=SYSTEM)
    assert OutboxMessage.objects.get().kind == "sms"
    with pytest.raises(Refused):
        queries.demo_phone(SYSTEM, PHONE)


def test_the_demo_phone_is_the_systems_to_ask(county: world.World) -> None:
    for actor in (ANYONE, county.applicant, county.admin):
        with pytest.raises(NotAllowed):
            queries.demo_phone(actor, PHONE)


def test_g1_phone_and_words_are_unreadable_at_rest(county: world.World, settings: Any) -> None:
    settings.SMS_URL = "http://127.0.0.1:9/"
    actions.tell([of("S05", county, 行="试一行", 号="4718")], by=SYSTEM)
    with connection.cursor() as cursor:
        cursor.execute("SELECT t::text FROM notices_textmessage t")
        stored = cursor.fetchall()
        cursor.execute("SELECT m::text FROM kernel_outboxmessage m")
        stored += cursor.fetchall()
    for (row,) in stored:
        for secret in (PHONE, "对接号", PHONE.encode().hex(), "对接号".encode().hex()):
            assert secret not in row
    message = OutboxMessage.objects.get()
    payload = json.loads(open_blob(bytes(message.sealed_payload), f"outbox:{message.pk}"))
    assert payload["to"] == PHONE


def test_inboxes_are_their_owners(county: world.World) -> None:
    actions.tell([of("S05", county, 行="试一行", 号="4718")], by=SYSTEM)
    other = world.resident()
    (line,) = queries.inbox(county.applicant)
    assert (queries.unread(county.applicant), queries.unread(other)) == (1, 0)
    assert queries.inbox(other) == [] and queries.inbox(county.deputy) == []
    assert actions.mark_read([line.id], by=other) == 0
    assert actions.mark_read([line.id], by=county.applicant) == 1
    assert actions.mark_read([line.id], by=county.applicant) == 0
    assert queries.unread(county.applicant) == 0 and queries.inbox(county.applicant)[0].is_read


def test_the_gateway_gets_a_signed_text_and_acceptance_is_kept(
    county: world.World, settings: Any, bank_server: Receiver
) -> None:
    settings.SMS_URL = f"{bank_server.url}/send"
    actions.tell([of("S05", county, 行="试一行", 号="4718")], by=SYSTEM)
    assert sweeps.deliver_texts() == 1
    (sent,) = bank_server.accepted
    text = TextMessage.objects.get()
    assert sent.content == {"id": str(text.pk), "to": PHONE, "text": text.words}
    assert sent.id == str(text.pk) and sent.headers["webhook-signature"].startswith("v1,")
    assert text.accepted_at is not None
    assert OutboxMessage.objects.get().state == "delivered"


def test_a_text_that_the_gateway_will_never_take_does_not_hold_up_the_next(
    county: world.World, settings: Any, bank_server: Receiver
) -> None:
    settings.SMS_URL = bank_server.url
    bank_server.answers = [422]
    actions.tell(
        [of("S05", county, 行="试一行", 号=digits) for digits in ("1111", "2222")], by=SYSTEM
    )
    assert [sweeps.deliver_texts(), sweeps.deliver_texts(), sweeps.deliver_texts()] == [1, 1, 0]
    assert [
        "1111" in bank_server.requests[0].content["text"],
        "2222" in bank_server.accepted[0].content["text"],
    ] == [True, True]
    refused = OutboxMessage.objects.get(state="parked")
    assert refused.last_error == "status 422"


def test_e3_a_sign_in_code_is_not_sent_once_it_is_stale(
    county: world.World, settings: Any, bank_server: Receiver
) -> None:
    settings.SMS_URL = bank_server.url
    bank_server.answers = [503]
    actions.tell([of("S01", county, 码="482913")], by=SYSTEM)
    assert sweeps.deliver_texts() == 1
    text, message = TextMessage.objects.get(), OutboxMessage.objects.get()
    assert message.state == "waiting" and message.order_key.startswith("code:")
    stale(message.pk, text)
    assert sweeps.deliver_texts() == 1
    message.refresh_from_db()
    assert (message.state, message.last_error, len(bank_server.requests)) == (
        "parked",
        "out of date",
        1,
    )


def stale(message: UUID, text: TextMessage) -> None:
    """The code as it would be six minutes later."""
    from puhui.kernel.crypto import seal_blob

    payload = {
        "id": str(text.pk),
        "code": "S01",
        "to": PHONE,
        "text": text.words,
        "until": "2020-01-01T00:00:00+00:00",
    }
    sealed = seal_blob(json.dumps(payload).encode(), f"outbox:{message}")
    OutboxMessage.objects.filter(pk=message).update(sealed_payload=sealed, due_at=text.created_at)


def test_what_is_half_a_year_old_is_forgotten(county: world.World, settings: Any) -> None:
    settings.SMS_URL = "http://127.0.0.1:9/"
    actions.tell(
        [of("S08", county, 行="试一行"), of("S05", county, 行="试一行", 号="4718")], by=SYSTEM
    )
    actions.take_reply("g1", PHONE, "1", by=SYSTEM)
    assert sweeps.forget() == 0
    with connection.cursor() as cursor:
        old = "- interval '190 days'"
        cursor.execute(f"UPDATE notices_textmessage SET created_at = created_at {old}")
        cursor.execute(f"UPDATE notices_textreply SET received_at = received_at {old}")
        cursor.execute(
            f"UPDATE kernel_outboxmessage SET state = 'delivered', delivered_at = created_at {old}"
        )
    assert sweeps.forget() == 5
    assert TextMessage.objects.count() == OutboxMessage.objects.count() == 0
