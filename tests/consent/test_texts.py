"""The words that people agree to: whole, plain, never edited; the letter filled with names."""

from __future__ import annotations

from typing import Any

import pytest

from puhui.consent import actions, queries
from puhui.consent.models import ConsentText
from puhui.consent.terms import AFTER_CLAIM, BEFORE_CLAIM, FIELDS, TEXT, TEXT_VERSION, Refusals
from puhui.kernel.actor import ANYONE, SYSTEM, NotAllowed
from puhui.kernel.command import Refused
from tests import world

DEMANDED = {
    "subject": "提这份需求（编号112401）的本人",
    "operator": "由河山县金融运行监测中心运营，热线0000-1100",
    "recipients with contacts": "试验一号银行（0000-1101）",
    "one purpose": "只用来办一件事\n办理这一份需求",
    "fields by name": "乡镇、干什么用、规模、想用多少钱、用多久",
    "sensitive fields apart": "下面几项是敏感的，单独跟您说明",
    "their necessity": "手机号：银行要给您打电话",
    "their effect": "给了这几项，接单的银行会知道是您想用钱",
    "method": "显示一次记一笔",
    "validity": "办结后 30 天为止",
    "retention": "至少保存 3 年",
    "rights": "查看、复制、更正、删除",
    "how to use them": "打热线0000-1100",
    "revocation": "随时可以撤回",
    "its effect": "撤回以前已经看过的，不受影响",
    "other channels": "照样可以直接去银行网点办",
    "automated decisions": "没有自动决定",
    "the credit bureau": "查您的征信报告，要另外经您签字同意",
}


def test_the_shipped_words_hold_all_that_the_law_demands(county: world.World) -> None:
    words = queries.letter_draft(ANYONE).replace("发出时给", "112401")
    assert not {what: phrase for what, phrase in DEMANDED.items() if phrase not in words}
    assert "{" not in words and "贷款" not in words


def test_every_field_of_a_card_and_of_contact_data_is_named() -> None:
    assert not [one for one in BEFORE_CLAIM if one.is_sensitive]
    assert all(one.is_sensitive for one in AFTER_CLAIM)
    assert {"name", "phone", "village"} <= {one.code for one in AFTER_CLAIM}
    assert "identity_number" not in FIELDS


def test_a_draft_names_only_the_banks_asked(county: world.World) -> None:
    words = queries.letter_draft(ANYONE, ["B02"])
    assert "试验二号银行" in words and "试验一号银行" not in words


def test_the_same_words_again_change_nothing_and_others_are_refused(county: world.World) -> None:
    first = queries.consent_text(ANYONE)
    assert actions.put_text(by=county.admin) == first.body_hash
    with pytest.raises(Refused) as caught:
        actions.put_text(body=TEXT + "又一条。", by=county.admin)
    assert caught.value.reason is Refusals.TEXT_FIXED
    with pytest.raises(Refused):
        actions.put_text(fields=["name"], by=county.admin)
    assert ConsentText.objects.count() == 1


def test_a_new_version_is_in_force_from_then_on(county: world.World) -> None:
    actions.put_text(
        "application-2", body="新的一版：{银行}。", fields=["amount", "name"], by=county.admin
    )
    now = queries.consent_text(ANYONE)
    assert (now.version, now.general) == ("application-2", ("想用多少钱",))
    assert now.sensitive == ("姓名：打电话、上门时认准是您",)
    assert ConsentText.objects.get(version=TEXT_VERSION).body == TEXT


@pytest.mark.parametrize(
    "bad",
    [
        {"version": " "},
        {"body": ""},
        {"fields": []},
        {"fields": ["name", "shoe_size"]},
        {"purpose": "marketing"},
        {"body": "给{谁}看"},
        {"body": "给{银行.__class__}看"},
        {"body": "给{银行!r}看"},
        {"body": "给{银行看"},
    ],
)
def test_bad_words_are_refused(county: world.World, bad: dict[str, Any]) -> None:
    with pytest.raises(Refused) as caught:
        actions.put_text(**{"version": "application-9", **bad}, by=county.admin)
    assert caught.value.reason is Refusals.TEXT_BAD
    assert ConsentText.objects.count() == 1


def test_only_the_county_puts_words(county: world.World) -> None:
    for actor in (ANYONE, county.applicant, county.bank.head, county.deputy, county.supervisor):
        with pytest.raises(NotAllowed):
            actions.put_text("application-2", by=actor)


def test_without_words_nobody_can_agree(db: None) -> None:
    with pytest.raises(Refused) as caught:
        queries.consent_text(SYSTEM)
    assert caught.value.reason is Refusals.NO_TEXT
