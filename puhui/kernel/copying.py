"""Rows of one model written together: a few by one INSERT, many by COPY in binary form."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from django.db import connection, models
from psycopg import sql
from psycopg.types.json import Jsonb


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


TYPES = {
    "bigint": "int8",
    "integer": "int4",
    "smallint": "int2",
    "boolean": "bool",
    "timestamp with time zone": "timestamptz",
}
"""PostgreSQL's long names of types as psycopg knows them."""


def copy_models(kind: type[models.Model], rows: Sequence[models.Model]) -> None:
    """Copy unsaved instances of one model, as `bulk_create` would insert them, only faster.

    Encrypted fields are sealed and their indexes filled as on any save; database defaults are not
    asked for, so every field holds its value.
    """
    fields = kind._meta.local_concrete_fields
    if not rows:
        return
    columns = {str(field.column): _type(field) for field in fields}
    shapes = [Jsonb if isinstance(field, models.JSONField) else None for field in fields]

    def values(row: models.Model) -> tuple[Any, ...]:
        plain = [field.pre_save(row, True) for field in fields]
        return tuple(
            shape(value) if shape is not None and value is not None else value
            for shape, value in zip(shapes, plain, strict=True)
        )

    copy_rows(kind._meta.db_table, columns, map(values, rows))


def insert(rows: Sequence[models.Model]) -> None:
    """Insert unsaved instances of one model, as `bulk_create` would, by a statement that is made
    once for each number of rows (docs/decisions/0017-prepared-queries.md).

    Encrypted fields are sealed and their indexes filled as on any save; every field holds its value.
    """
    if not rows:
        return
    kind = type(rows[0])
    values = [
        field.get_db_prep_save(field.pre_save(row, True), connection)
        for row in rows
        for field in kind._meta.local_concrete_fields
    ]
    with connection.cursor() as cursor:
        cursor.execute(_insert_text(kind, len(rows)), values)
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias


@cache
def _insert_text(kind: type[models.Model], count: int) -> str:
    quote, fields = connection.ops.quote_name, kind._meta.local_concrete_fields
    columns = ", ".join(quote(str(field.column)) for field in fields)
    slots = ", ".join(f"%s::{_type(field)}" for field in fields)
    table = quote(kind._meta.db_table)
    return f"INSERT INTO {table} ({columns}) VALUES " + ", ".join([f"({slots})"] * count)  # noqa: S608


def _type(field: models.Field[Any, Any]) -> str:
    named = str(field.rel_db_type(connection) if field.is_relation else field.db_type(connection))
    base, brackets, _rest = named.partition("[")
    return TYPES.get(base, base) + ("[]" if brackets else "")
