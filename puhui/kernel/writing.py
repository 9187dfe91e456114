"""Updates whose text is made once, and statements of several tables sent as one.

The twin of `prepared` for changes (docs/decisions/0017-prepared-queries.md): Django makes the text
of an UPDATE anew at each call, which costs several times what PostgreSQL needs to carry it out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache, lru_cache
from typing import Any

from django.db import DatabaseError, connection, models
from django.db.models import QuerySet, sql

from puhui.kernel.copying import insertion, type_of
from puhui.kernel.prepared import filled_in, samples_of

MOST_VALUES = 10_000
"""Of one statement sent for several tables; PostgreSQL takes 65,535."""
TEXTS_KEPT = 500

Statement = tuple[str, list[Any]]
Change = tuple[QuerySet[Any], Mapping[str, Any]]


def change(row: models.Model, sets: Mapping[str, Any], where: Mapping[str, Any]) -> int:
    """Set fields of the row by one UPDATE that its key and the columns `where` guard; the number of
    rows that it met, 0 or 1. The instance itself stays as it is.

    Values are plain ones, no expressions; a sealed field takes sealed bytes.
    """
    with connection.cursor() as cursor:
        cursor.execute(*_changing(row, sets, where))
        return int(cursor.rowcount)


def update(row: models.Model, *names: str) -> None:
    """`row.save(update_fields=names)`: sealed fields are sealed, and their indexes must be named."""
    with connection.cursor() as cursor:
        cursor.execute(*updating(row, *names))
        if cursor.rowcount != 1:
            raise DatabaseError(f"an update of {', '.join(names)} met no row")


def updating(row: models.Model, *names: str) -> Statement:
    """The statement of `update`, for whoever sends it with others and holds the row's lock."""
    fields = _fields(type(row), names)
    return _changing(row, {field.name: field.pre_save(row, False) for field in fields}, {})


def _changing(row: models.Model, sets: Mapping[str, Any], where: Mapping[str, Any]) -> Statement:
    kind = type(row)
    fields, guards = _fields(kind, tuple(sets)), _fields(kind, tuple(where))
    values = [
        field.get_db_prep_save(getattr(value, "pk", value), connection)
        for field, value in zip(fields, sets.values(), strict=True)
    ]
    values.append(row.pk)
    values += [
        field.get_db_prep_value(value, connection)
        for field, value in zip(guards, where.values(), strict=True)
    ]
    return _change_text(kind, fields, guards), values


@cache
def _fields(kind: type[models.Model], names: tuple[str, ...]) -> tuple[models.Field[Any, Any], ...]:
    found = [kind._meta.get_field(name) for name in names]
    return tuple(field for field in found if isinstance(field, models.Field))


@cache
def _change_text(
    kind: type[models.Model],
    fields: tuple[models.Field[Any, Any], ...],
    guards: tuple[models.Field[Any, Any], ...],
) -> str:
    quote, key = connection.ops.quote_name, kind._meta.pk
    assert key is not None
    sets = ", ".join(f"{quote(str(one.column))} = %s::{type_of(one)}" for one in fields)
    where = " AND ".join(f"{quote(str(one.column))} = %s::{type_of(one)}" for one in (key, *guards))
    return f"UPDATE {quote(kind._meta.db_table)} SET {sets} WHERE {where}"  # noqa: S608


class PreparedUpdate:
    """Wraps a function that gives a queryset and what to set in its rows; called, it updates them
    and returns how many there were.

        @PreparedUpdate
        def closed(engagement: UUID, now: datetime) -> Change:
            return Enquiry.objects.filter(engagement_id=engagement, closed_at=None), {"closed_at": now}

    It is called once, with samples: what holds for `Prepared` holds here.
    """

    def __init__(self, build: Callable[..., Change]) -> None:
        self._build = build
        self._made: tuple[str, list[int]] | None = None
        self.__doc__ = build.__doc__ or type(self).__doc__

    def __call__(self, *values: Any) -> int:
        with connection.cursor() as cursor:
            cursor.execute(*self.statement(*values))
            return int(cursor.rowcount)

    def statement(self, *values: Any) -> Statement:
        """What a call carries out, for whoever sends it with others."""
        text, places = self._made or self._make()
        return text, [values[place] for place in places]

    def _make(self) -> tuple[str, list[int]]:
        names, samples = samples_of(self._build)
        rows, sets = self._build(*samples)
        query: Any = rows.query.chain(sql.UpdateQuery)
        query.add_update_values(dict(sets))
        text, params = query.get_compiler(rows.db).as_sql()
        self._made = filled_in(self._build, text, params, names, samples)
        return self._made


def insertions(rows: Sequence[models.Model]) -> list[Statement]:
    """The statements that insert unsaved instances, one for each of their models."""
    kinds = dict.fromkeys(type(row) for row in rows)
    return [insertion([row for row in rows if type(row) is kind]) for kind in kinds]


def together(statements: Sequence[Statement]) -> None:
    """Carry out statements that write, none of which reads what another writes, as one.

    They take their values by `%s`. PostgreSQL checks keys and constraints when all are done.
    """
    if not statements:
        return
    values = [value for _text, each in statements for value in each]
    if len(values) > MOST_VALUES:
        sent = list(statements)
    else:
        sent = [(_as_one(tuple(text for text, _values in statements)), values)]
    with connection.cursor() as cursor:
        for text, each in sent:
            cursor.execute(text, each)


@lru_cache(TEXTS_KEPT)
def _as_one(texts: tuple[str, ...]) -> str:
    *before, last = texts
    named = ", ".join(f"w{number} AS ({text})" for number, text in enumerate(before))
    return f"WITH {named} {last}" if named else last
