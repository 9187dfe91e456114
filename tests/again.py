"""What a test builds through the real actions is read off the tables once and laid down again.

A county is two hundred and fifty statements by its actions and a dozen COPYs this way. Laid down only on
empty tables, under the same keys, and for two minutes: its times are still as good as now.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.db import connection, transaction

from puhui.kernel.crypto import ring

GOOD_SECONDS = 120
SHIPPED = {"django_migrations", "kernel_calendaryear"}
"""What the migrations fill."""

T = TypeVar("T")


@dataclass(frozen=True)
class Kept(Generic[T]):
    """Rows by table, as COPY writes them, and what came with them."""

    found: T
    tables: dict[str, bytes]
    keys: object
    at: float

    def is_good(self) -> bool:
        return self.keys is ring() and time.monotonic() - self.at < GOOD_SECONDS


_kept: dict[Hashable, Kept[object]] = {}


def once(name: Hashable, build: Callable[[], T]) -> T:
    """What `build` makes of an empty database, made anew or laid down again."""
    if _filled() != SHIPPED:
        return build()
    kept = _kept.get(name)
    if kept is None or not kept.is_good():
        began = time.monotonic()
        found = build()
        rows = {table: _read(table) for table in _filled() - SHIPPED}
        _kept[name] = Kept(found, rows, ring(), began)
        return found
    with transaction.atomic():  # what refers to what is looked at in the end
        for table, content in kept.tables.items():
            _write(table, content)
    return kept.found  # type: ignore[return-value]


def _filled() -> set[str]:
    with connection.cursor() as cursor:
        tables = sorted(connection.introspection.table_names(cursor))
        asked = (f"SELECT '{one}' WHERE EXISTS (SELECT 1 FROM \"{one}\")" for one in tables)
        cursor.execute(" UNION ALL ".join(asked))
        return {name for (name,) in cursor.fetchall()}


def _read(table: str) -> bytes:
    with connection.cursor() as cursor, cursor.copy(f'COPY "{table}" TO STDOUT') as out:
        return b"".join(bytes(piece) for piece in out)


def _write(table: str, content: bytes) -> None:
    with connection.cursor() as cursor, cursor.copy(f'COPY "{table}" FROM STDIN') as into:
        into.write(content)
