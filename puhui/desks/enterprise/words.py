"""What the pages say of enterprises: choices, lines of data, states of authorisations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from puhui.desks.enterprise.fields import Field, fen_of, whole_of
from puhui.kernel.command import FieldError, Reason
from puhui.kernel.money import FEN_PER_WAN, wan_text
from puhui.parties.subject_terms import (
    LETTERS,
    EnterpriseCard,
    EnterpriseForm,
    EnterpriseKind,
    Industry,
    Scope,
    SizeClass,
    Standing,
)

KINDS = tuple((str(value), str(label)) for value, label in EnterpriseKind.choices)
INDUSTRIES = tuple(
    (str(value), f"{label}（{LETTERS[Industry(value)]}）") for value, label in Industry.choices
)
SCOPES = tuple((str(value), str(label)) for value, label in Scope.choices)
STATES = {"waiting": "等您回短信", "live": "能办", "over": "已经收回或到期"}

FIELDS = (
    Field("kind", "哪一类", "pick", choices=KINDS),
    Field("name", "名称", hint="跟执照上一样"),
    Field("credit_code", "统一社会信用代码", hint="执照上的 18 位"),
    Field("industry", "哪一行", "list", choices=INDUSTRIES),
    Field("revenue", "去年营业收入（万元）", "number", "用来算大、中、小、微型，可以先不填"),
    Field("staff_count", "现有多少人", "number", "可以先不填"),
    Field("assets", "资产总额（万元）", "number", "可以先不填"),
)
AGENT_FIELDS = (
    Field("name", "他（她）的姓名", hint="跟身份证上一样"),
    Field("phone", "他（她）的手机号", "tel", "要先用这个手机号登记过"),
    Field("scopes", "能替单位办什么", "ticks", choices=SCOPES),
    Field("ends_on", "管到哪一天", "date", "到这一天为止，最长三年"),
)
SUCCESSOR_FIELDS = (
    Field("name", "新法定代表人的姓名", hint="跟身份证上一样"),
    Field("phone", "他（她）的手机号", "tel", "要先用这个手机号登记过"),
)
UNSURE = Reason("unsure", "注销后找不回来，想好了请先勾上。", 422, "sure")
ON_PAGE = {"revenue_fen": "revenue", "assets_fen": "assets"}


def form_of(values: Mapping[str, Any], errors: list[FieldError]) -> EnterpriseForm:
    """The form of what was typed; what cannot be read is told in `errors`."""
    return EnterpriseForm(
        kind=str(values["kind"]),
        name=str(values["name"]),
        credit_code=str(values["credit_code"]),
        industry=str(values["industry"]),
        village_code=str(values.get("village") or values.get("township", "")),
        revenue_fen=fen_of(str(values["revenue"]), "revenue", errors),
        staff_count=whole_of(str(values["staff_count"]), "staff_count", errors),
        assets_fen=fen_of(str(values["assets"]), "assets", errors),
    )


def on_page(errors: tuple[FieldError, ...]) -> list[FieldError]:
    """Errors under the names that the page's boxes have."""
    return [FieldError(ON_PAGE.get(one.field, one.field), one.code, one.sentence) for one in errors]


def values_of(card: EnterpriseCard) -> dict[str, Any]:
    """An enterprise as its form has it."""
    return {
        "kind": card.kind,
        "name": card.name,
        "credit_code": card.credit_code,
        "industry": card.industry,
        "revenue": _wan(card.revenue_fen),
        "staff_count": "" if card.staff_count is None else str(card.staff_count),
        "assets": _wan(card.assets_fen),
        "village": card.village_code,
        "township": "",
    }


def _wan(fen: int | None) -> str:
    if fen is None:
        return ""
    whole, rest = divmod(fen, FEN_PER_WAN)
    return f"{whole}.{rest:06d}".rstrip("0") if rest else str(whole)


def size_words(card: EnterpriseCard) -> str:
    """小型（按 2026-11-22 填的数）, or what is missing."""
    if not card.size or card.sized_on is None:
        return "收入、人数填齐了才算得出"
    return f"{SizeClass(card.size).label}（按 {card.sized_on} 填的数算）"


def lines(card: EnterpriseCard) -> list[tuple[str, str]]:
    """The data of an enterprise, line by line."""
    return [
        ("哪一类", str(EnterpriseKind(card.kind).label)),
        ("信用代码", card.credit_code),
        ("行业", str(Industry(card.industry).label)),
        ("在哪", f"{card.township}{card.village}"),
        ("去年收入", "没填" if card.revenue_fen is None else f"{wan_text(card.revenue_fen)}元"),
        ("人数", "没填" if card.staff_count is None else f"{card.staff_count} 人"),
        ("资产", "没填" if card.assets_fen is None else f"{wan_text(card.assets_fen)}元"),
        ("规模", size_words(card)),
        ("县里核过", f"{card.checked_at:%Y-%m-%d}" if card.checked_at else "还没有"),
    ]


def role_words(one: Standing) -> str:
    """法定代表人, or what somebody may do."""
    if one.is_representative:
        return "您是法定代表人"
    given = (("提需求", one.may_request), ("选方案", one.may_choose))
    return f"授权您{'、'.join(words for words, is_given in given if is_given)}"
