"""What the worker calls: deliver texts and webhooks, announce the journal's head, forget."""

from __future__ import annotations

from collections.abc import Callable

from puhui.kernel.actor import SYSTEM
from puhui.notices import actions, outbox


def deliver_texts() -> int:
    return outbox.deliver("sms")


def deliver_webhooks() -> int:
    return outbox.deliver("webhook")


def announce_head() -> int:
    return actions.announce_head(by=SYSTEM)


def forget() -> int:
    return actions.forget(by=SYSTEM)


SWEEPS: list[tuple[str, Callable[[], int], float]] = [
    ("notices.texts", deliver_texts, 0.5),
    ("notices.webhooks", deliver_webhooks, 0.5),
    ("notices.journal_head", announce_head, 60),
    ("notices.forget", forget, 3600),
]
