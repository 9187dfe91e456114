"""Finding a person by name, and making those findable who registered before names could be sought."""

from __future__ import annotations

from django.db import connection

from puhui.kernel.actor import SYSTEM, Actor, Role
from puhui.kernel.command import Work, command
from puhui.parties.models import Resident
from puhui.parties.queries.names import NamesFound, residents_named
from puhui.parties.rules.name_tokens import tokeniser

AT_ONCE = 500
FILL = """
UPDATE parties_resident r SET name_tokens = given.tokens::bigint[]
FROM unnest(%s::uuid[], %s::text[]) AS given(id, tokens)
WHERE r.id = given.id AND r.name_tokens IS NULL
"""


@command(Role.COUNTY_ADMIN, Role.COUNTY_SUPERVISOR)
def find_residents(work: Work, typed: str, *, township: str = "", by: Actor) -> NamesFound:
    """The county looks somebody up who asks for help with an account, by name (see
    `residents_named`). Journalled: who looked, how many and whom they found, never what was typed.
    Refuses NAME_SHORT.
    """
    found = residents_named(SYSTEM, typed, township=township)
    work.record(
        "residents_searched",
        ("county", "1"),
        found=[one.ref for one in found.people],
        is_cut=found.is_cut,
        township=township,
    )
    return found


@command(Role.SYSTEM)
def fill_name_tokens(work: Work, *, by: Actor = SYSTEM) -> int:
    """Give tokens to residents who were stored before there were any; how many. Not journalled:
    it tells nothing new of anybody."""
    rows = Resident.objects.filter(name_tokens__isnull=True).only("id", "name")
    batch = list(rows.order_by("id").select_for_update(skip_locked=True)[:AT_ONCE])
    if batch:
        tokens = tokeniser()
        texts = ["{" + ",".join(map(str, tokens(row.name))) + "}" for row in batch]
        with connection.cursor() as cursor:
            cursor.execute(FILL, [[row.id for row in batch], texts])
    return len(batch)
