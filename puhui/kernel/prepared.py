"""A queryset whose SQL is made once in a process, and then only filled in.

Django makes the text of a query anew each time, which costs ten times what PostgreSQL needs for
a short one (docs/decisions/0017-prepared-queries.md). `Prepared` makes it once, from the same
queryset:

    @Prepared
    def open_at(bank: UUID) -> QuerySet[Engagement]:
        return Engagement.objects.filter(bank_id=bank, ended_at=None)

    open_at(actor.organisation)  # the rows
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, Generic, TypeVar, get_args, get_type_hints
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet
from psycopg import sql

Row = TypeVar("Row")

_FIRST_DAY = datetime(1871, 1, 18, 7, 13, 59, 123457, tzinfo=UTC)
_ARRAYS = {UUID: "uuid[]", str: "text[]"}
_SAMPLES: dict[type, Callable[[int], Any]] = {
    UUID: lambda number: UUID(int=(0x5EED << 112) + number),
    str: lambda number: f"\ue0a7{number}",
    int: lambda number: 1_871_000_000 + number,
    datetime: lambda number: _FIRST_DAY + timedelta(days=number),
    date: lambda number: _FIRST_DAY.date() + timedelta(days=number),
}


class Prepared(Generic[Row]):
    """Wraps a function that builds the queryset; called, it runs the statement and returns its rows.

    The function's annotations say what its values are: UUID, str, int, date, datetime, or a list of
    UUID or str for `… IN` of any length. It is called once, with samples: so the queryset may select
    related rows, annotate and lock, but neither prefetch nor look at a value (no branch, no slice).
    """

    def __init__(self, build: Callable[..., QuerySet[Any, Row]]) -> None:
        self._build = build
        self._made: tuple[QuerySet[Any, Row], Any, str, list[int]] | None = None
        self.__doc__ = build.__doc__ or type(self).__doc__

    def __call__(self, *values: Any) -> list[Row]:
        rows, compiler, statement, places = self._made or self._make()
        with connection.cursor() as cursor:
            cursor.execute(statement, [values[place] for place in places])
            found = cursor.fetchall()
        return list(_answered(rows, compiler, found)) if found else []

    def first(self, *values: Any) -> Row | None:
        """The first row, if any; the queryset orders and cuts itself."""
        found = self(*values)
        return found[0] if found else None

    def _make(self) -> tuple[QuerySet[Any, Row], Any, str, list[int]]:
        names, samples = samples_of(self._build)
        rows = self._build(*samples)
        compiler = rows.query.get_compiler(rows.db)
        text, params = compiler.as_sql()
        statement, places = filled_in(self._build, text, params, names, samples)
        converters = compiler.get_converters([one[0] for one in compiler.select])
        compiler.get_converters = lambda _: converters
        self._made = rows, compiler, statement, places
        return self._made


def samples_of(build: Callable[..., Any]) -> tuple[list[str], list[Any]]:
    """The names of a function's values, and a sample of each by which it is known in a statement."""
    kinds = get_type_hints(build)
    kinds.pop("return", None)
    return list(kinds), [_sample(kind, place) for place, kind in enumerate(kinds.values())]


def _sample(kind: Any, place: int) -> Any:
    inner = get_args(kind)
    return [_SAMPLES[inner[0]](place)] if inner else _SAMPLES[kind](place)


def filled_in(
    build: Callable[..., Any],
    text: str,
    params: Sequence[Any],
    names: Sequence[str],
    samples: Sequence[Any],
) -> tuple[str, list[int]]:
    """The statement with its constants written into it, so that PostgreSQL can plan it once and for
    all, and which value stands at each place that is left."""
    first, *pieces = re.split(r"(?<!%)%s", text)
    made, places = [first], []
    for param, piece in zip(params, pieces, strict=True):
        place = next((n for n, one in enumerate(samples) if _is_same(param, one)), None)
        made += [_literal(param) if place is None else _blank(samples[place]), piece]
        places += [] if place is None else [place]
    if missed := [name for place, name in enumerate(names) if place not in places]:
        raise RuntimeError(f"{build.__name__}: {missed} do not reach the statement")
    return "".join(made), places


def _blank(sample: Any) -> str:
    """Where a value goes. What a list holds is hidden from PostgreSQL: else it finds a plan for each
    list a little better than the one for all, and plans anew at every call."""
    return f"(SELECT %s)::{_ARRAYS[type(sample[0])]}" if isinstance(sample, list) else "%s"


def _is_same(param: Any, sample: Any) -> bool:
    return type(param) is type(sample) and bool(param == sample)


def _literal(param: Any) -> str:
    with connection.cursor() as cursor:
        written = sql.Literal(param).as_string(cursor.connection)
    return written.replace("%", "%%")


def _answered(rows: QuerySet[Any, Row], compiler: Any, found: list[Any]) -> Iterable[Row]:
    """The queryset's own way from rows to results, over rows that are here already."""
    answered, query = copy.copy(compiler), copy.copy(rows.query)
    filled = object.__new__(type(rows))  # copying a queryset asks it for its rows, and keeps them
    vars(filled).update(vars(rows))
    vars(answered).update(connection=connection, execute_sql=lambda *_, **__: [found])
    vars(query)["get_compiler"] = lambda *_, **__: answered
    vars(filled)["_query"] = query
    iterable: Any = vars(filled)["_iterable_class"]
    return iterable(filled)  # type: ignore[no-any-return]
