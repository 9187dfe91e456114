"""Many rows at once: COPY in binary form, into a table or, first, beside it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import connection
from psycopg import sql


def copy_rows(table: str, columns: Mapping[str, str], rows: Iterable[tuple[Any, ...]]) -> None:
    """Copy `rows` into `table`. `columns`: name → PostgreSQL type, in the order of the rows.

    Constraints and indexes hold as for any insert; values are stored as they are given, so sealed
    ones come sealed (`cell_sealer`).
    """
    statement = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT BINARY)").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        copy.set_types(list(columns.values()))
        for row in rows:
            copy.write_row(row)
