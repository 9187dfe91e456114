"""Messages, consents, who looked: the person's own and nobody else's."""

from __future__ import annotations

import re

import pytest

from puhui.consent import queries as consents
from puhui.market import actions as market
from puhui.notices import queries as notices
from tests import world
from tests.desks.resident import story

pytestmark = pytest.mark.django_db


def test_g5_a_look_at_my_data_is_shown_once_with_who_and_what() -> None:
    one = story.begin().claimed()
    assert "还没有人看过您的姓名、电话和村庄。" in one.client.get("/my/data").content.decode()
    market.view_contact(one.engagements[0], by=one.county.bank.officer)
    page = one.client.get("/my/data").content.decode()
    assert page.count("看了姓名、手机号、村庄") == 1
    assert one.county.bank.officer.ref in page
    stranger = story.browser(world.resident())
    assert "看了姓名" not in stranger.get("/my/data").content.decode()


def test_g5_a_consent_is_revoked_after_being_asked_and_the_bank_sees_nothing_more() -> None:
    one = story.begin().claimed()
    given = consents.my_consents(one.applicant)[0]
    assert (
        "银行马上看不到您的姓名、电话和村庄"
        in one.client.get(f"/my/data/{given.ref}/revoke").content.decode()
    )
    one.client.post(f"/my/data/{given.ref}/revoke")
    assert consents.my_consents(one.applicant)[0].revoked_at
    with pytest.raises(Exception, match="consent_revoked"):
        market.view_contact(one.engagements[0], by=one.county.bank.officer)


def test_the_letter_is_the_persons_own() -> None:
    one = story.begin()
    given = consents.my_consents(one.applicant)[0]
    assert given.letter_hash in one.client.get(f"/my/data/{given.ref}").content.decode()
    stranger = story.browser(world.resident())
    for tail in ("", "/revoke"):
        assert stranger.get(f"/my/data/{given.ref}{tail}").status_code == 404
        assert stranger.get(f"/my/data/none{tail}").status_code == 404
    assert stranger.post(f"/my/data/{given.ref}/revoke").status_code == 404
    assert consents.my_consents(one.applicant)[0].revoked_at is None


def test_messages_are_read_by_being_shown() -> None:
    one = story.begin()
    count = notices.unread(one.applicant)
    assert count
    assert f"{count} 条没看" in one.client.get("/my/").content.decode()
    page = one.client.get("/my/messages").content.decode()
    assert one.ref in page
    assert len(re.findall(r"<li>", page)) == count
    assert notices.unread(one.applicant) == 0
