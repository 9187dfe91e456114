"""Where the bank's events go."""

from __future__ import annotations

from puhui.kernel.command import NOT_FOUND, Refused
from puhui.notices import actions as notices
from puhui.notices import queries as told
from puhui.notices.terms import Refusals
from puhui.rest.bank_v1.door import bank
from puhui.rest.frame.doors import Ask
from puhui.rest.schemas.bank.shelf import MyWebhookOut, WebhookIn, WebhookKeyOut, WebhookOut
from puhui.rest.schemas.examples import WEBHOOK


@bank.get("/webhook", uses=told.my_webhook, refuses=(NOT_FOUND,))
def get_webhook(ask: Ask) -> MyWebhookOut:
    """登记着的地址和事件；failures 是连着几次没人接"""
    found = told.my_webhook(ask.by)
    if found is None:
        raise Refused(NOT_FOUND)
    return MyWebhookOut.model_validate(found)


@bank.put(
    "/webhook",
    uses=notices.register_webhook,
    refuses=(
        Refusals.URL_BAD,
        Refusals.URL_UNRESOLVED,
        Refusals.URL_INWARD,
        Refusals.EVENTS_BAD,
    ),
    example=WEBHOOK,
)
def register_webhook(ask: Ask, body: WebhookIn) -> WebhookOut:
    """登记接收事件的地址；新的代替旧的"""
    notices.register_webhook(body.url, body.events, by=ask.by)
    return WebhookOut(url=body.url, events=body.events)


@bank.get("/webhook/key", uses=told.get_webhook_key)
def get_webhook_key(ask: Ask) -> WebhookKeyOut:
    """验证我方签名的公钥"""
    return WebhookKeyOut(public_key=told.get_webhook_key(ask.by))
