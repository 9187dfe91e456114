"""The bank's own part of the directory: entries and outlets (M021)."""

from __future__ import annotations

from uuid import UUID

from puhui.catalogue.directory import actions, queries
from puhui.kernel.actor import ANYONE
from puhui.kernel.command import NOT_FOUND, Refused
from puhui.parties import actions as parties
from puhui.parties import queries as places
from puhui.parties.terms import Refusals
from puhui.rest.bank_v1.door import bank
from puhui.rest.frame.doors import Ask
from puhui.rest.frame.fields import Page
from puhui.rest.schemas.bank.shelf import BranchIn, BranchOut, EntryIn, EntryOut
from puhui.rest.schemas.examples import BRANCH, ENTRY
from puhui.rest.schemas.work import Ref


@bank.get("/directory", uses=queries.own_entries)
def list_directory_entries(ask: Ask) -> Page[EntryOut]:
    """本行放在服务目录里的：惠农政策、电话、线上快贷、便民查询、营业时间"""
    found = queries.own_entries(ask.by)
    return Page[EntryOut](items=[EntryOut.model_validate(one) for one in found])


@bank.put("/directory", uses=actions.put_entry, refuses=(NOT_FOUND,), example=ENTRY)
def put_directory_entry(ask: Ask, body: EntryIn) -> Ref:
    """写一条，或改一条（带 ref）；马上全县看得到"""
    return Ref(ref=actions.put_entry(body.form(), by=ask.by))


@bank.delete("/directory/{ref}", uses=actions.withdraw_entry, refuses=(NOT_FOUND,))
def withdraw_directory_entry(ask: Ask, ref: str) -> Ref:
    """撤下一条"""
    actions.withdraw_entry(ref, by=ask.by)
    return Ref(ref=ref)


@bank.get("/branches", uses=places.branches)
def list_own_branches(ask: Ask) -> Page[BranchOut]:
    """本行的网点"""
    found = places.branches(ANYONE, bank_ref=ask.by.organisation_ref)
    return Page[BranchOut](items=[BranchOut.of(one) for one in found])


@bank.post(
    "/branches",
    uses=parties.add_branch,
    status=201,
    refuses=(NOT_FOUND, Refusals.BRANCH_TAKEN),
    example=BRANCH,
)
def add_branch(ask: Ask, body: BranchIn) -> Ref:
    """添一个网点（本行负责人）"""
    made = parties.add_branch(ask.by.organisation_ref, **body.fields(), by=ask.by)
    return Ref(ref=str(made))


@bank.put(
    "/branches/{ref}",
    uses=(parties.change_branch, places.own_branch),
    refuses=(NOT_FOUND, Refusals.BRANCH_TAKEN),
    example=BRANCH,
)
def change_branch(ask: Ask, ref: str, body: BranchIn) -> Ref:
    """改一个网点（本行负责人）"""
    parties.change_branch(_own(ask, ref), **body.fields(), by=ask.by)
    return Ref(ref=ref)


@bank.delete(
    "/branches/{ref}", uses=(parties.close_branch, places.own_branch), refuses=(NOT_FOUND,)
)
def close_branch(ask: Ask, ref: str) -> Ref:
    """撤掉一个网点（本行负责人）"""
    parties.close_branch(_own(ask, ref), by=ask.by)
    return Ref(ref=ref)


def _own(ask: Ask, ref: str) -> UUID:
    """The outlet of this reference, if it stands and is the bank's own."""
    try:
        branch = UUID(ref)
    except ValueError:
        raise Refused(NOT_FOUND) from None
    return places.own_branch(ask.by, branch).id
