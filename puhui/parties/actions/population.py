"""The population roll: how many people a county has, village by village, registered here or not."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from datetime import date, datetime

from django.db import connection

from puhui.kernel.actor import Actor, Role
from puhui.kernel.clock import local_date
from puhui.kernel.command import Work, command
from puhui.kernel.copying import copy_rows
from puhui.kernel.crypto import blind_index
from puhui.parties import identifiers
from puhui.parties.identifiers import IdentifierError, IdentifierReason
from puhui.parties.models import Division
from puhui.parties.terms import ImportReport, Refusals, RollEntry
from puhui.sheets.reading import in_batches, read
from puhui.sheets.terms import Column, Found, Kind, Limits, report

COUNTY = ("county", "1")
AT_ONCE = 50_000
COLUMNS = (
    Column("identity_number", "身份证号", Kind.CODE, also=("身份证号码", "公民身份号码")),
    Column("village_code", "村编码", Kind.CODE, also=("村代码",)),
    Column("lives_here", "常住", Kind.YES, also=("是否常住",)),
)
LIMITS = Limits(size=512 * 2**20, rows=2_000_000)
COPY = {
    "identity_index": "bytea",
    "village_id": "text",
    "birth_year": "int2",
    "lives_here": "bool",
}
BESIDE = """
CREATE TEMPORARY TABLE incoming_population (identity_index bytea, village_id text,
  birth_year int2, lives_here bool) ON COMMIT DROP
"""
COUNT = """
SELECT count(*) FILTER (WHERE p.identity_index IS NULL),
       count(*) FILTER (WHERE (p.village_id, p.birth_year, p.lives_here)
                              IS DISTINCT FROM (i.village_id, i.birth_year, i.lives_here)
                          AND p.identity_index IS NOT NULL)
FROM incoming_population i LEFT JOIN parties_populationentry p USING (identity_index)
"""
TAKE_IN = """
INSERT INTO parties_populationentry (identity_index, village_id, birth_year, lives_here, listed_at)
SELECT identity_index, village_id, birth_year, lives_here, %s
FROM incoming_population ORDER BY identity_index
ON CONFLICT (identity_index) DO UPDATE SET village_id = excluded.village_id,
  birth_year = excluded.birth_year, lives_here = excluded.lives_here, listed_at = excluded.listed_at
"""

Listed = tuple[bytes, str, int, bool]


@command(Role.COUNTY_ADMIN)
def import_population(
    work: Work,
    rows: Sequence[RollEntry] | bytes,
    *,
    dry_run: bool = False,
    at: datetime | None = None,
    by: Actor,
) -> ImportReport:
    """Take in the population roll: rows, or a table (CSV or xlsx) with `identity_number`, `village_code` and
    `lives_here` (是/否; Chinese headings too). A person listed before gets the new entry (M020, M027).

    Of each person a keyed hash, the village and the birth year are kept; nothing by which somebody
    who never registered could be named. `at`: the day of the roll (absent: now). One journal row
    per 50,000 with a hash of them. With any error, or on a dry run, nothing is written.
    """
    found = Found("population")
    numbered = _from_table(rows, found) if isinstance(rows, bytes) else enumerate(rows, 1)
    listed, count = _listed(numbered, local_date(work.now), found)
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.incoming_population")
        cursor.execute(BESIDE)
        copy_rows("incoming_population", COPY, listed)
        cursor.execute("ANALYZE incoming_population")
        cursor.execute(COUNT)
        created, changed = cursor.fetchone()
        told = report(count, created, changed, [found], dry_run)
        if told.is_done:
            cursor.execute(TAKE_IN, [at or work.now])
    if told.is_done:
        _record(work, listed, at or work.now)
    return told


def _from_table(content: bytes, found: Found) -> Iterator[tuple[int, RollEntry]]:
    for row in read(content, COLUMNS, found, LIMITS):
        yield row.line, RollEntry(row["identity_number"], row["village_code"], row["lives_here"])


def _listed(
    numbered: Iterator[tuple[int, RollEntry]], today: date, found: Found
) -> tuple[list[Listed], int]:
    """Entries whose every field is right and whose number stands in no other row."""
    homes = set(Division.objects.filter(is_active=True).values_list("code", flat=True))
    seen, listed, count = set[bytes](), list[Listed](), 0
    for line, entry in numbered:
        count += 1
        code = entry.village_code.strip()
        if code not in homes:
            found.add(line, Refusals.DIVISION_UNKNOWN, "village_code")
            continue
        try:
            identity = identifiers.identity_number(entry.identity_number)
        except IdentifierError as error:
            _tell(found, line, error)
            continue
        if identity.born_on > today:
            found.add(line, Refusals.IDENTITY_WRONG)
            continue
        index = blind_index("identity_number", identity.full)
        if index in seen:
            found.add(line, Refusals.IDENTITY_TWICE)
            continue
        seen.add(index)
        listed.append((index, code, identity.born_on.year, entry.lives_here))
    return listed, count


def _tell(found: Found, line: int, error: IdentifierError) -> None:
    if error.reason is IdentifierReason.LENGTH:
        found.add(line, Refusals.IDENTITY_LENGTH, n=error.n)
    else:
        found.add(line, Refusals.IDENTITY_WRONG)


def _record(work: Work, listed: list[Listed], at: datetime) -> None:
    for batch in in_batches(listed, AT_ONCE):
        told = (f"{index.hex()},{code},{year},{int(here)}\n" for index, code, year, here in batch)
        digest = hashlib.sha256("".join(told).encode()).hexdigest()
        work.record("population_imported", COUNTY, rows=len(batch), sha256=digest, listed_at=at)
