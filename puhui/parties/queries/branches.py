"""A bank's outlets, as everybody may see them."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from puhui.kernel.actor import BANK, Actor, Role, query
from puhui.kernel.command import NOT_FOUND, Refused
from puhui.parties.models import Branch
from puhui.parties.terms import BranchCard


@query(Role.ANYONE)
def branches(
    actor: Actor, *, bank_ref: str = "", township_code: str = "", words: str = ""
) -> list[BranchCard]:
    """Outlets of active banks, by township and bank; each filter given narrows them (M021).

    `words` keeps those that hold them in name or address. One statement.
    """
    rows = _branches()
    if bank_ref:
        rows = rows.filter(organisation__ref=bank_ref)
    if township_code:
        rows = rows.filter(township_id=township_code)
    if words:
        rows = rows.filter(name__icontains=words) | rows.filter(address__icontains=words)
    return [_card(row) for row in rows]


@query(*BANK)
def own_branch(actor: Actor, branch: UUID) -> BranchCard:
    """One outlet of the actor's own bank. Refuses NOT_FOUND."""
    row = _branches().filter(pk=branch, organisation=actor.organisation).first()
    if row is None:
        raise Refused(NOT_FOUND)
    return _card(row)


def _branches() -> QuerySet[Branch]:
    rows = Branch.objects.filter(organisation__is_active=True, closed_at__isnull=True)
    return rows.select_related("organisation", "township").order_by(
        "township__pinyin", "organisation__position", "name"
    )


def _card(row: Branch) -> BranchCard:
    return BranchCard(
        id=row.pk,
        bank_ref=row.organisation.ref,
        bank_name=row.organisation.name,
        name=row.name,
        township_code=row.township_id,
        township=row.township.name,
        address=row.address,
        phone=row.phone,
        opening_hours=row.opening_hours,
    )
