"""The county's limits in words: labels, units, what stands in force, what was changed when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from puhui.kernel.clock import moment_text
from puhui.market.queries.county_rules import CountyRules
from puhui.market.terms import ClockLimits

LABELS: dict[str, tuple[str, str]] = {
    "callback_seconds": ("首次电话", "秒内"),
    "supervision_seconds": ("没接上话，督导", "秒"),
    "supervision_answer_seconds": ("督导后银行写原因", "秒内"),
    "slot_reopen_seconds": ("接了不打，名额放开", "秒"),
    "unclaimed_seconds": ("没人接，交专人", "秒"),
    "attempt_gap_seconds": ("两次拨号隔", "秒"),
    "attempts_needed": ("打不通，打几次算数", "次"),
    "plan_working_days": ("初步方案", "个工作日内"),
    "choice_seconds": ("群众挑选", "秒内"),
    "investigation_working_days": ("上门", "个工作日内"),
    "decision_working_days": ("准信", "个工作日内"),
    "decision_scored_working_days": ("准信，按信用分定的", "个工作日内"),
    "objection_working_days": ("答复不同意见", "个工作日内"),
    "signing_working_days": ("签合同", "个工作日内"),
    "offer_days": ("准信有效", "天"),
    "long_pending_working_days": ("长期未办结", "个工作日"),
    "long_pending_mortgage_working_days": ("长期未办结（有抵押）", "个工作日"),
    "expiry_days": ("需求保留", "天"),
    "confirmation_seconds": ("代填等本人回复", "秒"),
    "slots": ("一笔几家接", "家"),
    "uncalled_per_officer": ("接了没打，每人最多", "笔"),
    "survey_per_day": ("每天电话回访", "人"),
    "survey_rest_days": ("同一个人再回访隔", "天"),
    "survey_lookback_days": ("从近几天办结的里抽", "天"),
    "recheck_percent": ("代办抽查至少", "%"),
    "duty_opens": ("几点开始值守", ""),
    "duty_closes": ("几点结束值守", ""),
    "duty_working_days_only": ("只在工作日值守", "只有工作日按上面的时段，其余日子不值守"),
}
CALLS = ("survey_per_day", "survey_rest_days", "survey_lookback_days", "recheck_percent")
GROUPS = (
    ("打电话", tuple(LABELS)[:7]),
    ("往下办", tuple(LABELS)[7:19]),
    ("接单和值守", tuple(name for name in tuple(LABELS)[19:] if name not in CALLS)),
    ("回访和抽查", CALLS),
)


@dataclass(frozen=True, slots=True)
class Setting:
    """One change of the rules in words."""

    at: str
    by: str
    changes: tuple[str, ...]


def value_words(name: str, value: Any) -> str:
    """300 秒内（5 分钟）."""
    if isinstance(value, bool):
        return "是" if value else "否"
    unit = LABELS[name][1] if name in LABELS else ""
    return f"{value} {unit}{_in_minutes(name, value)}".strip()


def _in_minutes(name: str, value: Any) -> str:
    if not name.endswith("_seconds") or not isinstance(value, int) or value < 60:
        return ""
    for size, unit in ((86_400, "天"), (3600, "小时"), (60, "分钟")):
        if value >= size and value % size == 0:
            return f"（{value // size} {unit}）"
    return ""


def in_force(limits: ClockLimits) -> list[tuple[str, list[tuple[str, str]]]]:
    """The limits in groups, each with its label and words."""
    return [
        (title, [(LABELS[name][0], value_words(name, getattr(limits, name))) for name in names])
        for title, names in GROUPS
    ]


def history(found: CountyRules, names: Mapping[str, str]) -> list[Setting]:
    """Settings newest first: when, by whom, from what to what."""
    return [
        Setting(
            at=moment_text(one.valid_from, now=found.now),
            by=names.get(one.set_by) or ("系统" if one.set_by == "system" else one.set_by),
            changes=tuple(
                f"{LABELS[name][0] if name in LABELS else name}："
                f"{value_words(name, before)} → {value_words(name, after)}"
                for name, before, after in one.changes
            ),
        )
        for one in found.history
    ]


def typed_changes(before: Mapping[str, Any], typed: Mapping[str, Any]) -> dict[str, Any]:
    """Only what differs from the limits in force."""
    return {name: typed[name] for name in before if name in typed and typed[name] != before[name]}
