"""What anybody may ask without signing in: the products on the shelf."""

from __future__ import annotations

from itertools import dropwhile
from typing import Annotated

from pydantic import BeforeValidator, Field

from puhui.catalogue import queries as shelf
from puhui.catalogue.terms import ShelfFilter
from puhui.kernel.actor import ANYONE
from puhui.kernel.command import NOT_FOUND
from puhui.market import queries as market
from puhui.market.terms import NoticeStatus
from puhui.rest.frame import cursors
from puhui.rest.frame.doors import Ask, Doors
from puhui.rest.frame.fields import LARGEST_FEN, Cursor, Limit, OneOf, Page, Word, digits
from puhui.rest.schemas.public import NoticeOut, ProductOut

public = Doors.of("public")
AmountQuery = Annotated[int, Field(ge=0, le=LARGEST_FEN), BeforeValidator(digits)]
MonthsQuery = Annotated[int, Field(ge=0, le=1200), BeforeValidator(digits)]
NoticeCode = Annotated[str, OneOf(("", *NoticeStatus.values[:3]))]


@public.get("/products", uses=shelf.shelf)
def list_products(
    ask: Ask,
    bank: Word = "",
    purpose: Word = "",
    q: Word = "",
    industry: Word = "",
    subject: Word = "",
    method: Word = "",
    security: Word = "",
    amount_fen: AmountQuery | None = None,
    months: MonthsQuery | None = None,
    limit: Limit = 50,
    cursor: Cursor = "",
) -> Page[ProductOut]:
    """在架的产品：可按银行、用途、产业、对象、还法、作保、数额、期限筛选，q 找名称、拼音、首字母"""
    asked = ShelfFilter(
        words=q,
        bank_ref=bank,
        purpose=purpose,
        subject=subject,
        method=method,
        security=security,
        industry=industry,
        amount_fen=amount_fen,
        months=months,
    )
    rows = shelf.shelf(ANYONE, asked)
    before = cursors.read(cursor, "list_products")
    if before:
        rows = list(dropwhile(lambda one: one.ref != before, rows))[1:]
    items, following = cursors.page(rows, limit, "ref", "list_products")
    return Page[ProductOut](items=[ProductOut.model_validate(one) for one in items], next=following)


@public.get("/notice", uses=market.public_notice)
def get_public_notice(ask: Ask, status: NoticeCode = "") -> NoticeOut:
    """银行对接实时通报：此刻各家银行几笔，只有编号和乡镇；可按状态筛选

    待对接 waiting、逾期未对接 overdue、长期未办结 long_pending；等客户的只计数。
    """
    return NoticeOut.of(market.public_notice(ANYONE), status)


@public.get("/products/{ref}", uses=shelf.product, refuses=(NOT_FOUND,))
def get_product(ask: Ask, ref: str) -> ProductOut:
    """一个在架的产品"""
    return ProductOut.model_validate(shelf.product(ANYONE, ref))
