"""What tests of the request share: the answers of each screen, codes read from the text messages."""

from __future__ import annotations

import re
from typing import Any

from django.test import Client

from puhui.kernel.crypto import blind_index
from puhui.notices.models import TextMessage
from tests import world

PHONE = "19800009001"
SCREEN_1 = {
    "amount": "10",
    "purpose": "livestock",
    "scale": "120",
    "scale_unit": "只",
    "story": "想买羊羔，明年五月出栏",
}
SCREEN_2 = {"term": "months_6", "repayment_wish": "once", "securities": ["none"]}
SCREEN_3 = {
    "name": "李为民",
    "identity_number": world.identity_number(901),
    "phone": PHONE,
    "township": world.TOWNSHIP,
    "village": world.VILLAGE,
    "call_wish": "now",
}
SCREEN_4 = {"route": "all", "consent": "1"}


def joined(page: str) -> str:
    """The page with the parts of its sentence as one text."""
    return page.replace('</span><span class="cl">', "")


def filled(client: Client, **changes: Any) -> None:
    """Screens 1 to 3 answered."""
    for number, answers in ((1, SCREEN_1), (2, SCREEN_2), (3, SCREEN_3)):
        sent = {**answers, **{k: v for k, v in changes.items() if k in answers}}
        answer = client.post(f"/ask/{number}", sent)
        assert answer.status_code == 302, answer.content.decode()


def code_sent_to(phone: str) -> str:
    """The newest code in the text messages to a phone."""
    text = TextMessage.objects.filter(phone_index=blind_index("phone", phone), code="S01")
    found = re.search(r"\d{6}", text.order_by("-created_at", "-pk")[0].words)
    assert found
    return found[0]


def sent(client: Client, phone: str = PHONE, **changes: Any) -> str:
    """The whole request by plain forms; returns the demand's reference."""
    filled(client, phone=phone, **changes)
    client.post("/ask/4", {**SCREEN_4, "do": "code"})
    answer = client.post("/ask/4", {**SCREEN_4, "do": "send", "code": code_sent_to(phone)})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"].strip("/").split("/")[-1])


def signed_in(phone: str) -> Client:
    """A browser whose session is that of the phone."""
    client = Client()
    client.post("/sign-in", {"phone": phone, "do": "code"})
    answer = client.post("/sign-in", {"phone": phone, "do": "enter", "code": code_sent_to(phone)})
    assert answer.status_code == 302, answer.content.decode()
    return client
