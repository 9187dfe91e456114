"""The registers in people's words: roles, kinds, tabs, what was done to a record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.urls import resolve, reverse

from puhui.desks.county.chrome import DESK
from puhui.desks.shared.gate import Request
from puhui.kernel.actor import Actor, Role
from puhui.kernel.clock import local_date, moment_text
from puhui.parties.queries.administration import Remembered, history_of
from puhui.parties.queries.watching import people_named

ROLES = {
    Role.LOAN_OFFICER: "客户经理",
    Role.BANK_ADMIN: "银行管理员",
    Role.TOWNSHIP_ADMIN: "金融副镇长",
    Role.VILLAGE_COMMISSIONER: "村级金融专员",
    Role.COUNTY_SUPERVISOR: "县监测中心",
    Role.COUNTY_ADMIN: "县管理员",
    Role.AUDITOR: "审计",
}
KINDS = {
    "bank": "银行",
    "guarantor": "担保公司",
    "insurer": "保险公司",
    "township": "乡镇",
    "county": "县",
    "village": "村",
}
PLACES = {
    "township": "乡镇街道",
    "unit": "乡镇级单位",
    "village": "行政村",
    "natural_village": "自然村",
}
TABS = (
    ("一览", "county-people"),
    ("单位", "county-people-organisations"),
    ("人员", "county-people-staff"),
    ("经营主体", "county-people-enterprises"),
    ("找群众", "county-people-residents"),
    ("区划", "county-people-places"),
    ("值班", "county-people-rosters"),
    ("表格导入", "county-people-imports"),
    ("接口密钥", "county-people-keys"),
    ("县情", "county-people-profile"),
)
DONE = {
    "organisation_created": "建立",
    "organisation_changed": "修改",
    "organisation_closed": "停用",
    "organisation_reopened": "重新启用",
    "organisations_imported": "用表格导入单位",
    "branch_added": "添了网点",
    "branch_changed": "改了网点",
    "branch_closed": "停用网点",
    "branches_imported": "用表格导入网点",
    "staff_created": "登记",
    "staff_changed": "改了姓名或手机号",
    "staff_left": "离岗",
    "staff_imported": "用表格导入人员",
    "duty_given": "给了职责",
    "duty_ended": "结束职责",
    "duty_seconded": "改了来自哪家银行",
    "account_created": "开了账号",
    "account_reset": "重置了账号",
    "account_closed": "账号停用",
    "staff_signed_in": "登录",
    "staff_sign_in_refused": "登录没成",
    "device_bound": "绑定了手机",
    "password_changed": "改了密码",
    "totp_confirmed": "绑定了动态码",
    "totp_dropped": "解绑了动态码",
    "signed_out_elsewhere": "退出了别处的登录",
    "roster_set": "排了班",
    "rosters_imported": "用表格导入值班表",
    "division_renamed": "改名",
    "division_closed": "停用",
    "division_reopened": "重新启用",
    "divisions_imported": "导入区划表",
    "unit_added": "手工添加",
    "natural_village_added": "添加",
    "natural_villages_added": "添加自然村",
    "natural_villages_imported": "用表格导入自然村",
    "village_banks_set": "定了包村银行",
    "village_banks_imported": "用表格导入包村银行",
    "county_set": "改了县情",
    "residents_imported": "导入群众",
    "population_imported": "导入人口底册",
    "persona_opened": "演示登录",
}
FIELDS = {
    "name": "名称",
    "phone": "手机号",
    "sms_name": "短信简称",
    "type_name": "类型",
    "duty_phone": "值班电话",
    "township_id": "所在乡镇",
    "has_interface": "接口",
    "position": "排序",
}
MOST_REMEMBERED = 30


def page(
    request: Request, template: str, tab: str, context: Mapping[str, Any], **more: Any
) -> HttpResponse:
    """A page of this part of the desk, with its tabs."""
    shown = {
        "people_tabs": [
            (label, reverse(name), name == tab) for label, name in TABS if _opens(name, request)
        ],
        "may_edit": may_edit(request.actor),
        **context,
    }
    return DESK.page(request, template, shown, **more)


def _opens(name: str, request: Request) -> bool:
    """Whether the tab's page is there for this duty."""
    gate = resolve(reverse(name)).func
    return bool(gate.policies[0].allows(request.actor))  # type: ignore[attr-defined]


def may_edit(actor: Actor) -> bool:
    return actor.role is Role.COUNTY_ADMIN


def day(at: datetime | None) -> str:
    return f"{local_date(at):%Y-%m-%d}" if at else ""


def history(actor: Actor, kind: str, ref: str, now: datetime) -> list[dict[str, str]]:
    """What was done to a record, newest first, each in a line."""
    entries = history_of(actor, kind, ref)[:MOST_REMEMBERED]
    names = people_named(actor, {one.by_ref for one in entries})
    return [
        {
            "at": moment_text(one.at, now=now),
            "words": DONE.get(one.action, "办了一件事"),
            "note": _note(one),
            "by": "系统" if one.by_ref == "system" else f"{names.get(one.by_ref, '')} {one.by_ref}",
        }
        for one in entries
    ]


def _note(one: Remembered) -> str:
    role, fields, rows = (one.facts.get(name) for name in ("role", "fields", "rows"))
    parts = [ROLES.get(Role(role), "") if isinstance(role, str) and role in ROLES else ""]
    if isinstance(fields, list):
        parts.append("、".join(FIELDS.get(str(name), str(name)) for name in fields))
    if rows:
        parts.append(f"{rows} 行")
    return " · ".join(part for part in parts if part)


def picked(
    options: Iterable[tuple[str, str]], value: str, none: str
) -> list[tuple[str, str, bool]]:
    """Options of a filter, the picked one marked."""
    return [("", none, not value), *((key, label, key == value) for key, label in options)]
