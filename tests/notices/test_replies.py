"""Replies by text message: what they mean, whom they answer, and that each has one effect."""

from __future__ import annotations

import json
import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from puhui.kernel.actor import ANYONE, SYSTEM
from puhui.kernel.command import Refused, database_now
from puhui.kernel.crypto import sms_key, webhook_headers
from puhui.notices import actions, queries
from puhui.notices.models import TextMessage, TextReply
from puhui.notices.rules import digit_of
from puhui.notices.terms import Answered, Telling
from tests import world

PHONE = "19800009999"


def ask(
    code: str, question: str, *, phone: str = PHONE, resident: Any = None, **params: str
) -> TextMessage:
    telling = Telling(
        code, phone, params, resident=resident, subject_ref="112401", question=question
    )
    actions.tell([telling], by=SYSTEM)
    return TextMessage.objects.get(question=question)


def reply(gateway_id: str, words: str, *, to: Any = "", phone: str = PHONE) -> Answered | None:
    return actions.take_reply(gateway_id, phone, words, str(to), by=SYSTEM)


@pytest.mark.parametrize(
    ("words", "digit"),
    [
        ("1", "1"),
        ("１", "1"),
        ("1。", "1"),
        (" 1 ", "1"),
        ("回1", "1"),
        ("回 2", "2"),
        ("回复２！", "2"),
        ("①", "1"),
        ("“1”", "1"),
        ("1，谢谢", "1"),
        ("二", "2"),
        ("3.", "3"),
        ("", ""),
        ("12", ""),
        ("1 2", ""),
        ("10", ""),
        ("1万", ""),
        ("没有打", ""),
        ("0", ""),
        ("1" * 50, ""),
        ("。" * 5000 + "1", ""),
    ],
)
def test_a_reply_is_read_as_people_write_it(words: str, digit: str) -> None:
    assert digit_of(words) == digit


def test_a_reply_answers_the_newest_open_question(county: world.World) -> None:
    person = world.resident(phone=PHONE).person
    older = ask("S08", "called", resident=person, 行="试一行")
    newer = ask("S15", "visited", resident=person, 行="试一行")
    assert reply("g1", "回1") == Answered("visited", "112401", "1", newer.pk, person)
    assert reply("g2", "2") == Answered("called", "112401", "2", older.pk, person)
    assert reply("g3", "1") is None


def test_a_reply_may_name_its_question(county: world.World) -> None:
    older, _newer = ask("S08", "called", 行="试一行"), ask("S15", "visited", 行="试一行")
    found = reply("g1", "1", to=older.pk)
    assert found is not None and found.question == "called"
    assert reply("g2", "1", to=older.pk) is None, "answered: it does not fall to another question"
    strange = reply("g3", "2", to="gateway-77")
    assert strange is not None and strange.question == "visited"


def test_nobody_answers_for_another_phone(county: world.World) -> None:
    asked = ask("S08", "called", 行="试一行")
    assert reply("g1", "1", phone="19800001111") is None
    assert reply("g2", "1", phone="19800001111", to=asked.pk) is None
    assert reply("g3", "1", phone="+86 198 0000 9999") is not None


def test_a_digit_that_was_not_offered_answers_nothing(county: world.World) -> None:
    asked = ask("S18", "chosen", 行="试一行")
    assert reply("g1", "1") is None
    assert reply("g2", "没选过") is None
    asked.refresh_from_db()
    assert asked.answered_at is None
    assert reply("g3", "2") is not None


def test_the_same_digit_twice_in_a_minute_means_one_question(county: world.World) -> None:
    ask("S08", "called", 行="试一行")
    ask("S15", "visited", 行="试一行")
    assert reply("g1", "1") is not None
    assert reply("g2", "1") is None, "sent twice by a heavy thumb: the older question stays open"
    TextReply.objects.update(received_at=database_now() - timedelta(minutes=2))
    later = reply("g3", "1")
    assert later is not None and later.question == "called"


def test_a_question_of_long_ago_is_not_answered_by_chance(county: world.World) -> None:
    asked = ask("S08", "called", 行="试一行")
    TextMessage.objects.update(created_at=database_now() - timedelta(days=31))
    assert reply("g1", "1") is None
    assert reply("g2", "1", to=asked.pk) is not None


def test_b5_the_gateway_may_send_the_same_reply_again(county: world.World) -> None:
    ask("S08", "called", 行="试一行")
    ask("S15", "visited", 行="试一行")
    assert reply("g1", "1") is not None
    assert [reply("g1", "1"), reply("g1", "2")] == [None, None]
    assert TextMessage.objects.filter(answered_at__isnull=True).count() == 1
    assert TextReply.objects.count() == 1


def in_parallel(count: int, act: Any) -> list[Answered]:
    found: list[Answered] = []
    start = threading.Barrier(count)

    def run(number: int) -> None:
        start.wait(20)
        try:
            answered = act(number)
            if answered is not None:
                found.append(answered)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert not any(thread.is_alive() for thread in threads)
    return found


@pytest.mark.django_db(transaction=True)
def test_a_repeated_reply_has_one_effect_however_many_arrive_at_once() -> None:
    world.build()
    asked = ask("S08", "called", 行="试一行")
    assert len(in_parallel(10, lambda _number: reply("same", "1"))) == 1
    TextMessage.objects.update(answered_at=None)
    assert len(in_parallel(10, lambda number: reply(f"other {number}", "2", to=asked.pk))) == 1
    assert TextReply.objects.filter(answers=asked).count() == 2


def signed(content: Any, *, shift: int = 0, key: str | None = None) -> tuple[dict[str, str], bytes]:
    body = json.dumps(content).encode()
    stamp = int(database_now().timestamp()) + shift
    return webhook_headers("in-1", stamp, body, key or sms_key()), body


GOOD = {"id": "g1", "from": PHONE, "text": "1", "in_reply_to": None}


def test_d4_a_signed_reply_is_read(county: world.World) -> None:
    found = queries.signed_reply(ANYONE, *signed(GOOD))
    assert (found.id, found.phone, found.words, found.in_reply_to) == ("g1", PHONE, "1", "")
    assert PHONE not in repr(found)


@pytest.mark.parametrize("shift", [-301, 301, -86_400, 86_400])
def test_d4_late_and_early_replies_are_refused(county: world.World, shift: int) -> None:
    refused_with(*signed(GOOD, shift=shift), status=401)


@pytest.mark.parametrize("shift", [-290, 290])
def test_a_clock_that_is_a_little_off_is_let_pass(county: world.World, shift: int) -> None:
    queries.signed_reply(ANYONE, *signed(GOOD, shift=shift))


def test_d4_forged_replies_are_refused(county: world.World) -> None:
    headers, body = signed(GOOD)
    wrong_key = "whsec_" + "QUJD" * 8
    refused_with(*signed(GOOD, key=wrong_key), status=401)
    refused_with(headers, body.replace(b'"1"', b'"2"'), status=401)
    refused_with({**headers, "webhook-id": "in-2"}, body, status=401)
    refused_with({}, body, status=401)
    for name in headers:
        refused_with(
            {key: value for key, value in headers.items() if key != name}, body, status=401
        )


def test_d4_a_replayed_reply_changes_nothing(county: world.World) -> None:
    ask("S08", "called", 行="试一行")
    ask("S15", "visited", 行="试一行")
    headers, body = signed(GOOD)
    for expected in (True, False, False):
        found = queries.signed_reply(ANYONE, headers, body)
        answered = reply(found.id, found.words, phone=found.phone)
        assert (answered is not None) is expected
    assert TextMessage.objects.filter(answered_at__isnull=True).count() == 1


@pytest.mark.parametrize(
    "content",
    [
        [],
        "1",
        {"id": "g1", "from": PHONE},
        {"id": 7, "from": PHONE, "text": "1"},
        {"id": "", "from": PHONE, "text": "1"},
        {"id": "g1", "from": "", "text": "1"},
        {"id": "g\x00", "from": PHONE, "text": "1"},
        {"id": "g1", "from": PHONE, "text": "1\ud800"},
        {"id": "g1", "from": PHONE, "text": "1" * 501},
        {"id": "g1", "from": PHONE, "text": "1", "in_reply_to": 5},
    ],
)
def test_a_signed_reply_without_sense_is_refused(county: world.World, content: Any) -> None:
    refused_with(*signed(content), status=422)


def refused_with(headers: dict[str, str], body: bytes, *, status: int) -> None:
    with pytest.raises(Refused) as caught:
        queries.signed_reply(ANYONE, headers, body)
    assert caught.value.reason.status == status
    assert TextReply.objects.count() == 0
