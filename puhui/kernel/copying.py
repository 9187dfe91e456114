"""Rows of one model written together: a few by one INSERT, many by COPY in binary form."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

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
    columns = {str(field.column): type_of(field) for field in fields}
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
    with connection.cursor() as cursor:
        cursor.execute(*insertion(rows))


def insertion(rows: Sequence[models.Model], sequence: str = "") -> tuple[str, list[Any]]:
    """The statement of `insert` and its values, for whoever sends it with others."""
    kind, values = type(rows[0]), []
    columns = [one for one in _columns(kind) if not (sequence and one[1] == "ref")]
    for row in rows:
        held = vars(row)
        for field, name, plain in columns:
            value = held.get(name)
            is_plain = type(value) is plain or (value is None and plain is not None)
            values.append(
                value if is_plain else field.get_db_prep_save(field.pre_save(row, True), connection)
            )
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias
    return _insert_text(kind, len(rows), sequence), values


def insert_numbered(row: models.Model, sequence: str) -> None:
    """Insert one unsaved instance whose `ref` is the next number of `sequence`, and fill it in."""
    text, values = insertion([row], sequence)
    with connection.cursor() as cursor:
        cursor.execute(text, values)
        row.ref = cursor.fetchone()[0]  # type: ignore[attr-defined]


PLAIN = {
    "UUIDField": UUID,
    "TextField": str,
    "DateTimeField": datetime,
    "BooleanField": bool,
    "SmallIntegerField": int,
    "IntegerField": int,
    "BigIntegerField": int,
}
"""Fields to whose values of exactly this type Django does nothing on their way to the database."""


@cache
def _columns(
    kind: type[models.Model],
) -> tuple[tuple[models.Field[Any, Any], str, type | None], ...]:
    """Each field with its attribute and the type of values that are stored as they are."""
    return tuple((one, one.attname, _plain_type(one)) for one in kind._meta.local_concrete_fields)


def _plain_type(field: models.Field[Any, Any]) -> type | None:
    target = field.target_field if isinstance(field, models.ForeignKey) else field
    name = type(target).__name__
    return PLAIN.get(name) if type(target) is getattr(models, name, None) else None


@cache
def _insert_text(kind: type[models.Model], count: int, sequence: str = "") -> str:
    quote, fields = connection.ops.quote_name, kind._meta.local_concrete_fields
    columns = ", ".join(quote(str(field.column)) for field in fields)
    number = f"nextval('{sequence}'::regclass)::text"
    slots = ", ".join(
        number if sequence and field.name == "ref" else f"%s::{type_of(field)}" for field in fields
    )
    returned = " RETURNING ref" if sequence else ""
    table = quote(kind._meta.db_table)
    return f"INSERT INTO {table} ({columns}) VALUES " + ", ".join([f"({slots})"] * count) + returned  # noqa: S608


def type_of(field: models.Field[Any, Any]) -> str:
    """A field's PostgreSQL type, as psycopg knows it."""
    named = str(field.rel_db_type(connection) if field.is_relation else field.db_type(connection))
    base, brackets, _rest = named.partition("[")
    return TYPES.get(base, base) + ("[]" if brackets else "")
