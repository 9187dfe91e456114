"""The one write path: an answer under its key, a past that is entered, all of it or nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from puhui.kernel.actor import SYSTEM, Actor, NotAllowed, Role
from puhui.kernel.command import (
    IN_FUTURE,
    KEY_MISSING,
    KEY_REUSED,
    NOT_FOUND,
    Reason,
    Refused,
    Reply,
    database_now,
    history,
    moment,
    once,
)
from puhui.kernel.idempotency import forget_responses
from puhui.kernel.models import OutboxMessage, StoredResponse, UnsealedEntry
from puhui.notices import actions as notices
from puhui.notices.terms import Telling
from puhui.parties import actions as parties
from puhui.parties.models import Organisation

pytestmark = pytest.mark.django_db
HEAD = Actor(Role.BANK_ADMIN, ref="2001", organisation_ref="B01")
FULL = Reason("full", "满了。")


def ask(
    act: Callable[[], str],
    *,
    key: str = "k-1",
    body: bytes = b"{}",
    operation: str = "open_bank",
    by: Actor = HEAD,
    recheck: Callable[[str], None] = lambda _subject: None,
) -> Reply:
    return once(
        key=key,
        operation=operation,
        body=body,
        by=by,
        act=act,
        render=lambda ref: Reply(201, f'{{"ref": "{ref}"}}'.encode(), ref),
        refuse=lambda refused: Reply(refused.reason.status, refused.reason.code.encode()),
        recheck=recheck,
    )


def bank(ref: str = "B07") -> Callable[[], str]:
    return lambda: parties.create_organisation(f"{ref}号银行", "bank", ref=ref, by=SYSTEM).ref


def count() -> int:
    return Organisation.objects.count()


def never() -> str:
    raise AssertionError("the act runs once")


def test_d1_the_same_key_and_body_get_the_same_bytes_and_one_effect() -> None:
    first = ask(bank())
    assert (first.status, first.body) == (201, b'{"ref": "B07"}')
    assert ask(never) == first
    assert count() == 1


@pytest.mark.parametrize("other", [{"body": b"[]"}, {"operation": "close_bank"}])
def test_d1_a_key_stands_for_one_body_and_one_operation(other: dict[str, object]) -> None:
    ask(bank())
    with pytest.raises(Refused) as refused:
        ask(never, **other)  # type: ignore[arg-type]
    assert refused.value.reason == KEY_REUSED
    assert ask(never).status == 201, "the first answer stands"


@pytest.mark.parametrize("whose", [{"ref": "2002"}, {"organisation_ref": "B02"}])
def test_d1_a_key_is_its_officers_and_its_organisations(whose: dict[str, str]) -> None:
    ask(bank())
    assert ask(bank("B08"), by=replace(HEAD, **whose)).body == b'{"ref": "B08"}'


@pytest.mark.parametrize("key", ["", "k" * 256])
def test_d1_a_key_is_needed_and_has_255_signs_at_most(key: str) -> None:
    with pytest.raises(Refused) as refused:
        ask(never, key=key)
    assert refused.value.reason == KEY_MISSING
    assert ask(bank(), key="k" * 255).status == 201


def test_g7_a_stored_answer_is_given_only_while_the_right_to_it_lasts() -> None:
    ask(bank())
    asked: list[str] = []

    def gone(subject: str) -> None:
        asked.append(subject)
        raise Refused(NOT_FOUND)

    with pytest.raises(Refused) as refused:
        ask(never, recheck=gone)
    assert (refused.value.reason, asked) == (NOT_FOUND, ["B07"])


def test_d1_a_refusal_undoes_the_act_and_is_stored_like_a_success() -> None:
    def half() -> str:
        bank()()
        raise Refused(FULL)

    first = ask(half)
    assert (first.status, first.body, count()) == (409, b"full", 0)
    assert ask(never) == first
    with pytest.raises(Refused) as refused:
        ask(never, body=b"[]")
    assert refused.value.reason == KEY_REUSED
    assert not UnsealedEntry.objects.exists()


def test_what_is_not_found_is_not_stored() -> None:
    def missing() -> str:
        raise Refused(NOT_FOUND)

    with pytest.raises(Refused):
        ask(missing)
    assert not StoredResponse.objects.exists()
    assert ask(bank()).status == 201


def test_g7_answers_are_stored_encrypted_and_forgotten_after_a_day() -> None:
    ask(bank())
    ask(bank("B08"), key="k-2")
    row = StoredResponse.objects.get(key="k-1")
    assert b"B07" not in bytes(row.sealed_body or b"")
    for key, hours in (("k-1", 25), ("k-2", 23)):
        earlier = database_now() - timedelta(hours=hours)
        StoredResponse.objects.filter(key=key).update(created_at=earlier)
    assert forget_responses() == 1
    assert StoredResponse.objects.get().key == "k-2"


def test_a_past_is_entered_at_its_time_says_so_and_sends_nothing() -> None:
    then = database_now() - timedelta(days=400)
    with history(then, by=SYSTEM):
        assert moment() == then
        bank()()
        notices.tell([Telling("S17", "19800000001", {"编号": "112401"})], by=SYSTEM)
    (entry,) = UnsealedEntry.objects.filter(body__contains='"organisation_created"')
    assert '"entered_later":true' in entry.body and f"{then.year:04d}-" in entry.body
    assert not OutboxMessage.objects.exists()
    assert database_now() - moment() < timedelta(minutes=1), "and then it is now again"
    bank("B08")()
    assert UnsealedEntry.objects.filter(body__contains="entered_later").count() >= 1
    assert "entered_later" not in UnsealedEntry.objects.latest("id").body


def test_only_the_countys_administrator_enters_a_past_and_nobody_the_future() -> None:
    for role in (Role.COUNTY_SUPERVISOR, Role.BANK_ADMIN, Role.RESIDENT):
        with pytest.raises(NotAllowed), history(database_now(), by=Actor(role)):
            pass
    with (
        pytest.raises(Refused) as refused,
        history(database_now() + timedelta(minutes=1), by=Actor(Role.COUNTY_ADMIN)),
    ):
        pass
    assert refused.value.reason == IN_FUTURE


def test_an_action_within_an_action_is_the_same_work_and_asks_its_own_policy() -> None:
    with pytest.raises(NotAllowed):
        ask(lambda: parties.create_organisation("X", "bank", by=HEAD).ref)
    assert count() == 0 and not StoredResponse.objects.exists()
