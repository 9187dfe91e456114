"""The bank's own shelf: what stands on it, what each product was before, put on and taken off."""

from __future__ import annotations

from puhui.catalogue import actions as catalogue
from puhui.catalogue import queries
from puhui.catalogue.terms import Refusals
from puhui.kernel.command import NOT_FOUND
from puhui.rest.bank_v1.door import bank
from puhui.rest.frame.doors import Ask
from puhui.rest.frame.fields import Page
from puhui.rest.schemas.bank.shelf import ProductIn, VersionOut
from puhui.rest.schemas.examples import PRODUCT
from puhui.rest.schemas.public import ProductOut
from puhui.rest.schemas.work import Ref


@bank.get("/products", uses=queries.own_products)
def list_own_products(ask: Ask) -> Page[ProductOut]:
    """本行在架的产品"""
    found = queries.own_products(ask.by)
    return Page[ProductOut](items=[ProductOut.model_validate(one) for one in found])


@bank.get("/products/{ref}/versions", uses=queries.own_versions, refuses=(NOT_FOUND,))
def list_product_versions(ask: Ask, ref: str) -> Page[VersionOut]:
    """一个产品改过的每一版，新的在前；下架了的也看得到"""
    found = queries.own_versions(ask.by, ref)
    return Page[VersionOut](items=[VersionOut.model_validate(one) for one in found])


@bank.put(
    "/products",
    uses=catalogue.put_product,
    refuses=(NOT_FOUND, Refusals.NAME_TAKEN),
    example=PRODUCT,
)
def put_product(ask: Ask, body: ProductIn) -> Ref:
    """上架一个产品，或改一个在架的（带 ref）"""
    return Ref(ref=catalogue.put_product(body.form(), by=ask.by))


@bank.delete("/products/{ref}", uses=catalogue.withdraw_product, refuses=(NOT_FOUND,))
def withdraw_product(ask: Ask, ref: str) -> Ref:
    """下架一个产品"""
    catalogue.withdraw_product(ref, by=ask.by)
    return Ref(ref=ref)
