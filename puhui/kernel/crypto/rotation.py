"""Re-encryption under a new key while the program runs."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.db import connection, models, transaction

from puhui.kernel.crypto.blobs import HEAD_BYTES, seal, unseal
from puhui.kernel.crypto.fields import SealedField
from puhui.kernel.crypto.keyring import ring


class Batch(NamedTuple):
    """What one batch did: rows re-encrypted, and the last primary key seen (None: none was left)."""

    rows: int
    last: Any


def rotate(new_key: bytes | None = None, algorithm: str = "A") -> str:
    """Write with a new key (32 bytes, made here if absent) from now on; returns its id.

    Old keys stay in the folder: what they sealed goes on opening until it is re-encrypted.
    """
    return ring().rotate(new_key, algorithm)


def reencrypt_batch(model: type[models.Model], limit: int, after: Any = None) -> Batch:
    """Put up to `limit` rows past `after` under the current key, in one transaction.

    Only rows under another key are touched. Rows that someone else holds locked are passed over:
    go round again from the start until `stale_rows` is 0.
    """
    fields = sealed_fields(model)
    pk = model._meta.pk
    if not fields or pk is None:
        return Batch(0, None)
    table, key = _quoted(model._meta.db_table), _quoted(pk.column)
    columns = [_quoted(field.column) for field in fields]
    head, _sealer = ring().current()
    where, found = _is_stale(columns), [head] * len(columns)
    if after is not None:
        where, found = f"({where}) AND {key} > %s", [*found, after]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {key}, {', '.join(columns)} FROM {table} WHERE {where}"  # noqa: S608 - names of our models
            f" ORDER BY {key} LIMIT %s FOR UPDATE SKIP LOCKED",
            [*found, limit],
        )
        rows = cursor.fetchall()
        if rows:
            _write(cursor, model, fields, rows)
    return Batch(len(rows), rows[-1][0] if rows else None)


def stale_rows(model: type[models.Model]) -> int:
    """How many rows hold a cell under a key that is not the current one."""
    columns = [_quoted(field.column) for field in sealed_fields(model)]
    if not columns:
        return 0
    head, _sealer = ring().current()
    table = _quoted(model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*) FROM {table} WHERE {_is_stale(columns)}",  # noqa: S608 - as above
            [head] * len(columns),
        )
        return int(cursor.fetchone()[0])


def sealed_fields(model: type[models.Model]) -> list[SealedField[Any, Any]]:
    """The encrypted fields of one model's own table."""
    return [one for one in model._meta.local_concrete_fields if isinstance(one, SealedField)]


def _is_stale(columns: list[str]) -> str:
    return " OR ".join(f"substring({column} FOR {HEAD_BYTES}) <> %s" for column in columns)


def _write(
    cursor: Any, model: type[models.Model], fields: list[SealedField[Any, Any]], rows: list[Any]
) -> None:
    """One UPDATE for all rows: a statement for each would take most of the time."""
    cells: list[list[bytes | None]] = [[] for _ in fields]
    for pk, *stored in rows:
        for place, field, old in zip(cells, fields, stored, strict=True):
            place.append(None if old is None else _resealed(bytes(old), field.associated(pk)))
    columns = [_quoted(field.column) for field in fields]
    key_field = model._meta.pk
    key, key_type = _quoted(key_field.column), key_field.rel_db_type(connection)
    cursor.execute(
        f"UPDATE {_quoted(model._meta.db_table)} AS kept"  # noqa: S608 - as above
        f" SET {', '.join(f'{column} = fresh.{column}' for column in columns)}"
        f" FROM unnest(%s::{key_type}[]{', %s::bytea[]' * len(columns)})"
        f" AS fresh({', '.join([key, *columns])}) WHERE kept.{key} = fresh.{key}",
        [[row[0] for row in rows], *cells],
    )


def _resealed(old: bytes, associated: bytes) -> bytes:
    return seal(unseal(old, associated), associated)


def _quoted(name: str | None) -> str:
    if name is None:
        raise TypeError("a field without a column")
    return connection.ops.quote_name(name)
