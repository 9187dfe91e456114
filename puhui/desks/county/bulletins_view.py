"""The bulletin as the desk shows it: the page as printed, what was edited, who did what."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms

from puhui.desks.county.chrome import DESK
from puhui.desks.county.figures_view import cases_address, month_span
from puhui.desks.shared.typed import Words
from puhui.desks.shared.watching.filters import address
from puhui.kernel.actor import Actor
from puhui.kernel.clock import local, moment_text
from puhui.kernel.command import database_now
from puhui.oversight import actions
from puhui.oversight.printing.layout import BANK_HEAD, TOWNSHIP_HEAD, Paper
from puhui.oversight.terms import PART_NAMES, BulletinLine, BulletinView


class EditForm(forms.Form):
    """The words of every part; the generated ones stand beside as help."""

    def __init__(self, view: BulletinView, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for part, name in PART_NAMES.items():
            rows = 4 if part in ("overall", "voices") else 2
            was = view.generated.get(part, "")
            hint = f"系统写的：{was}" if part in view.edited else ""
            self.fields[part] = Words(
                name,
                400,
                rows=rows,
                initial=view.words(part),
                empty="这一段不能空着。",
                help_text=hint,
            )


def line(one: BulletinLine, names: Mapping[str, str], now: datetime) -> dict[str, Any]:
    """An edition in the list."""
    is_draft = one.state == "draft"
    return {
        "ref": one.ref,
        "month": f"{one.month.year} 年 {one.month.month} 月",
        "edition": f"第 {one.edition} 期"
        + (f"（更正：{one.correction}）" if one.correction else ""),
        "state": "草稿" if is_draft else "已发布",
        "tone": "soon" if is_draft else "fine",
        "counted": moment_text(one.counted_at, now=now),
        "drafted_by": names.get(one.drafted_by, one.drafted_by),
        "issued": f"{local(one.issued_at):%Y-%m-%d %H:%M}" if one.issued_at else "—",
    }


def page_context(
    view: BulletinView, printed: Paper, names: Mapping[str, str], actor: Actor
) -> dict[str, Any]:
    """Everything on the edition's page."""
    places = list(printed.townships)
    half = (len(places) + 1) // 2
    may = actions.edit_bulletin.policy.allows(actor)  # type: ignore[attr-defined]
    is_draft = view.state == "draft"
    is_mine = actor.ref in (view.drafted_by, view.edited_by)
    return {
        "view": view,
        "paper": printed,
        "bank_head": BANK_HEAD,
        "township_head": TOWNSHIP_HEAD,
        "halves": (places[:half], places[half:]),
        "edited": [
            (PART_NAMES[part], view.generated.get(part, ""), text)
            for part, text in view.edited.items()
            if part in PART_NAMES
        ],
        "steps": _steps(view, names),
        "doors": _doors(view),
        "may_edit": may and is_draft,
        "may_issue": may and is_draft and not is_mine,
        "may_correct": may and not is_draft,
        "is_mine": is_mine and is_draft,
        "now": database_now(),
    }


def _doors(view: BulletinView) -> list[tuple[str, str, str]]:
    """The cases behind the month's figures."""
    days, counts = month_span(view.month), view.figures
    ledger = f"{DESK.url('supervision')}?{address(days)}"
    return [
        ("新增需求", f"{counts['applied']:,}", cases_address(figure="applied", **days)),
        ("银行同意", f"{counts['approved']:,}", cases_address(figure="approved", **days)),
        ("放款", f"{counts['disbursed']:,}", cases_address(figure="disbursed", **days)),
        ("到点的", f"{counts['judged']:,}", cases_address(callback="judged", **days)),
        ("群众确认", f"{counts['confirmed']:,}", cases_address(callback="confirmed", **days)),
        ("说没接到", f"{counts['denied']:,}", cases_address(callback="denied", **days)),
        ("超 10 分钟", f"{counts['over_ten']:,}", ledger),
    ]


def _steps(view: BulletinView, names: Mapping[str, str]) -> list[tuple[str, str]]:
    def who(ref: str) -> str:
        return names.get(ref, ref)

    steps = [
        ("数的时间", f"{local(view.counted_at):%Y-%m-%d %H:%M}"),
        ("写稿", who(view.drafted_by)),
    ]
    if view.edited_by:
        steps.append(("改字", who(view.edited_by)))
    if view.issued_at:
        steps.append(("发布", f"{who(view.issued_by)} {local(view.issued_at):%Y-%m-%d %H:%M}"))
    if view.corrects:
        steps.append(("更正的是", view.corrects))
    return steps
