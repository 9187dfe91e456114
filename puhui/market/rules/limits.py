"""The county's limits as data: bounds, reading, changing. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields, replace
from datetime import date, time
from typing import Any

from puhui.kernel.command import FieldError, Invalid
from puhui.market.rules.duty_hours import DutyHours
from puhui.market.terms import ClockLimits

BOUNDS: dict[str, tuple[int, int]] = {
    "callback_seconds": (1, 86_400),
    "supervision_seconds": (1, 86_400),
    "supervision_answer_seconds": (1, 7 * 86_400),
    "slot_reopen_seconds": (1, 86_400),
    "unclaimed_seconds": (1, 86_400),
    "plan_working_days": (1, 30),
    "choice_seconds": (1, 30 * 86_400),
    "investigation_working_days": (1, 60),
    "decision_working_days": (1, 60),
    "decision_scored_working_days": (1, 60),
    "objection_working_days": (1, 60),
    "signing_working_days": (1, 60),
    "offer_days": (1, 365),
    "long_pending_working_days": (1, 250),
    "long_pending_mortgage_working_days": (1, 250),
    "expiry_days": (1, 365),
    "confirmation_seconds": (1, 7 * 86_400),
    "attempt_gap_seconds": (0, 86_400),
    "attempts_needed": (1, 10),
    "slots": (1, 100),
    "uncalled_per_officer": (1, 10_000),
    "survey_per_day": (0, 200),
    "survey_rest_days": (1, 730),
    "survey_lookback_days": (1, 180),
    "recheck_percent": (5, 100),
}
"""Least and most of each limit; the supervision limit is at least the callback limit."""


def read(stored: Mapping[str, Any]) -> ClockLimits:
    """Limits from their stored form; a key that this version does not know is passed over."""
    known = {item.name for item in fields(ClockLimits)}
    return ClockLimits(**{name: value for name, value in stored.items() if name in known})


def changed(before: ClockLimits, changes: Mapping[str, Any]) -> ClockLimits:
    """`before` with `changes`. Raises Invalid with every field that breaks a rule."""
    found = [error for name, value in changes.items() for error in _errors(name, value)]
    if found:
        raise Invalid(found)
    after = replace(before, **changes)
    if after.supervision_seconds < after.callback_seconds:
        raise Invalid(
            [FieldError("supervision_seconds", "order", "督导的时限不能比来电的时限短。")]
        )
    if after.duty_closes != "00:00" and after.duty_opens >= after.duty_closes:
        raise Invalid([FieldError("duty_closes", "order", "下班时间要晚于上班时间。")])
    return after


def _errors(name: str, value: Any) -> list[FieldError]:
    if name in BOUNDS:
        low, high = BOUNDS[name]
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            return [FieldError(name, "out_of_range", f"{name} 要是 {low} 到 {high} 之间的整数。")]
    elif name in ("duty_opens", "duty_closes"):
        if not isinstance(value, str) or not _is_time(value):
            return [FieldError(name, "not_a_time", "时间要写成 07:30 这样。")]
    elif name == "duty_working_days_only":
        if not isinstance(value, bool):
            return [FieldError(name, "not_a_yes_or_no", "只能填是或否。")]
    else:
        return [FieldError(name, "unknown_field", f"没有 {name} 这条规则。")]
    return []


def _is_time(text: str) -> bool:
    try:
        return f"{time.fromisoformat(text):%H:%M}" == text
    except ValueError:
        return False


def stored(limits: ClockLimits) -> dict[str, Any]:
    return asdict(limits)


def duty_hours(limits: ClockLimits, days: Mapping[str, tuple[str | None, str | None]]) -> DutyHours:
    """Duty hours from the limits and the single days that differ (ISO dates and times)."""
    return DutyHours(
        default=(time.fromisoformat(limits.duty_opens), time.fromisoformat(limits.duty_closes)),
        days={
            date.fromisoformat(day): (
                (time.fromisoformat(opens), time.fromisoformat(closes))
                if opens and closes
                else None
            )
            for day, (opens, closes) in days.items()
        },
        weekdays_only=limits.duty_working_days_only,
    )
