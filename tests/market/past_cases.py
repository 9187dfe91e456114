"""Lines of a migrating county's file, for tests."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.world import World

BEGAN = datetime(2023, 5, 8, 2, 0, tzinfo=UTC)


def at(minutes: float = 0, *, days: float = 0) -> str:
    return (BEGAN + timedelta(minutes=minutes, days=days)).isoformat()


def step(what: str, when: str, world: World | None = None, **more: Any) -> dict[str, Any]:
    """A step; of the first bank where `world` is given."""
    found: dict[str, Any] = {"what": what, "at": when}
    if world is not None:
        found |= {"bank": world.bank.ref, "officer": world.bank.officer.ref}
    due = more.pop("due", None)
    if due:
        found["due"] = due
    return found | ({"facts": more} if more else {})


def funded(world: World) -> list[dict[str, Any]]:
    """Asked for, called in four minutes, visited late, paid out."""
    plan = {"amount_fen": 8_000_000, "rate_ppm": 48_000, "months": 12, "method": "equal_instalment"}
    return [
        step("publish", at(), due={"callback_applicant": at(5), "expiry": at(days=30)}),
        step("claim", at(1), world, due={"callback_bank": at(6), "supervision_bank": at(11)}),
        step("call", at(4), world, result="connected", duration_seconds=120),
        step("answer", at(7), world, question="called", answer="yes"),
        step("plan", at(60), world, **plan),
        step("keep", at(70), world, due={"investigation": at(days=3)}),
        step("agree_visit", at(71), world, visit_at=at(days=4)),
        step("visited", at(days=4), world),
        step("offer", at(days=5), world, **plan, valid_until=at(days=35)),
        step("accept", at(days=5.1), world),
        step("sign", at(days=6), world, due={"data_return": at(days=7)}),
        step(
            "pay_out",
            at(days=6.5),
            world,
            amount_fen=7_500_000,
            rate_ppm=48_000,
            paid_out_on="2023-05-14",
            due_on="2024-05-14",
            is_first_loan=True,
        ),
        step("answer", at(days=6.6), world, question="money", answer="yes"),
    ]


def given_up(world: World) -> list[dict[str, Any]]:
    """Refused on the phone; nobody else came; the township said where it went."""
    return [
        step("publish", at(), due={"callback_applicant": at(5)}),
        step("claim", at(1), world, due={"callback_bank": at(6)}),
        step("call", at(9), world, result="connected", duration_seconds=60),
        step("refuse", at(20), world, code="R02"),
        step("give_up", at(days=30.1)),
        step("destination", at(days=30.5), destination="other_bank"),
    ]


def case(number: int, steps: list[dict[str, Any]], identity: str, **more: Any) -> dict[str, Any]:
    return {
        "source_ref": f"OLD-{number}",
        "identity_number": identity,
        "amount_fen": 8_000_000,
        "purpose": "livestock",
        "term": "year_1",
        "steps": steps,
        **more,
    }


def lines(*cases: dict[str, Any]) -> bytes:
    return "\n".join(json.dumps(one, ensure_ascii=False) for one in cases).encode()
