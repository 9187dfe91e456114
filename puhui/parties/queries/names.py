"""Finding people by name although names are encrypted: keyed tokens first, then the name itself."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import connection

from puhui.kernel.actor import Actor, Role, query
from puhui.kernel.command import Refused
from puhui.kernel.crypto import decrypt_cell
from puhui.parties.models import Resident
from puhui.parties.queries.residents import residents_in_full
from puhui.parties.rules.name_tokens import is_meant, tokens_sought
from puhui.parties.terms import Refusals, mask_name

AT_MOST = 50
LOOKED_AT = 400
"""How many candidates are decrypted at most; tokens of few people meet by chance."""
CANDIDATES = "SELECT r.id, r.name FROM parties_resident r WHERE"
HAS_TOKENS = "r.name_tokens @> %(tokens)s::bigint[]"
IN_TOWNSHIP = (
    "r.village_id IN (SELECT code FROM parties_division WHERE township_code = %(township)s)"
)


@dataclass(frozen=True, slots=True)
class Found:
    """One person found. `birth_year` and village tell people of one name apart."""

    id: UUID
    ref: str
    name: str = field(repr=False)
    name_masked: str = field(repr=False)
    village_name: str
    township_name: str
    birth_year: int
    phone_ending: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class NamesFound:
    """Whom a search found; `is_cut`: there are more, and something should be added."""

    people: tuple[Found, ...]
    is_cut: bool


@query(Role.SYSTEM)
def residents_named(
    actor: Actor,
    typed: str,
    *,
    township: str = "",
    among: Collection[UUID] | None = None,
    limit: int = AT_MOST,
) -> NamesFound:
    """Residents by name: at least two characters side by side (建民), the initials of the whole
    name (ljm) or its pinyin with blanks (li jian min). `township`: a division's code; `among`: only
    these people. For the context that has shown that its asker may know. P11: p95 ≤ 50 ms among a
    million. Two statements. Refuses NAME_SHORT.
    """
    tokens = tokens_sought(typed)
    if tokens is None:
        raise Refused(Refusals.NAME_SHORT)
    facts: dict[str, Any] = {"tokens": tokens, "township": township, "limit": LOOKED_AT + 1}
    where = [HAS_TOKENS]
    if among is not None:
        where.append("r.id = ANY(%(among)s)")
        facts["among"] = list(among)
    if township:
        where.append(IN_TOWNSHIP)
    with connection.cursor() as cursor:
        cursor.execute(f"{CANDIDATES} {' AND '.join(where)} LIMIT %(limit)s", facts)
        rows = cursor.fetchall()
    hits: list[UUID] = []
    for pk, sealed in rows[:LOOKED_AT]:
        if is_meant(typed, decrypt_cell(Resident, "name", pk, sealed)):
            hits.append(pk)
        if len(hits) > limit:
            break
    is_cut = len(hits) > limit or len(rows) > LOOKED_AT
    return NamesFound(_told(hits[:limit]), is_cut=is_cut)


def _told(ids: list[UUID]) -> tuple[Found, ...]:
    people = [
        Found(
            id=row.id,
            ref=row.ref,
            name=row.name,
            name_masked=mask_name(row.name),
            village_name=row.village_text or row.village.short_name,
            township_name=str(getattr(row, "township_name", "") or ""),
            birth_year=int(row.identity_number[6:10]),
            phone_ending=row.phone[-4:],
        )
        for row in residents_in_full().filter(id__in=ids)
    ]
    return tuple(sorted(people, key=lambda one: (one.name, one.township_name, one.village_name)))
