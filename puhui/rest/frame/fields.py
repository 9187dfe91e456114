"""Kinds of fields: money, instants, codes, texts. Strict: no number as text, no text as number."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, Generic, TypeVar

from ninja import File, Form
from ninja.files import UploadedFile
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    PlainSerializer,
    WithJsonSchema,
)
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from puhui.kernel.clock import day_from, local

T = TypeVar("T")

LARGEST_FEN = 10**14
_INSTANT = re.compile(
    r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,6})?(Z|[+-]\d{2}:\d{2})", re.ASCII
)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_DIGITS = re.compile(r"-?\d{1,15}", re.ASCII)


class In(BaseModel):
    """What comes in: an unknown field is refused by its name."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


class Out(BaseModel):
    """What goes out: made from a query's dataclass, only what is listed here."""

    model_config = ConfigDict(from_attributes=True)


class Page(Out, Generic[T]):
    """One page; `next` is the cursor of the page after it, or null on the last."""

    items: list[T]
    next: str | None = None


@dataclass(frozen=True, slots=True)
class OneOf:
    """A text that is one of these codes."""

    codes: tuple[str, ...]

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.literal_schema(list(self.codes))


def _instant(value: Any) -> Any:
    if isinstance(value, datetime):
        return value
    if not isinstance(value, str) or not _INSTANT.fullmatch(value):
        raise PydanticCustomError("not_an_instant", "not an instant")
    try:
        found = datetime.fromisoformat(value)
        local(found)
    except (ValueError, OverflowError):
        raise PydanticCustomError("not_an_instant", "not an instant") from None
    if not 2000 <= found.year <= 2200:
        raise PydanticCustomError("not_an_instant", "not an instant")
    return found


def _day(value: Any) -> Any:
    if isinstance(value, date):
        return value
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise PydanticCustomError("not_a_date", "not a date")
    try:
        return day_from(value)
    except ValueError:
        raise PydanticCustomError("not_a_date", "not a date") from None


def digits(value: Any) -> Any:
    if isinstance(value, str) and not _DIGITS.fullmatch(value):
        raise PydanticCustomError("int_parsing", "not an integer")
    return value


Instant = Annotated[
    datetime,
    BeforeValidator(_instant),
    PlainSerializer(lambda at: local(at).isoformat(), return_type=str),
    WithJsonSchema(
        {"type": "string", "format": "date-time", "examples": ["2026-11-25T10:00:00+08:00"]}
    ),
]
Day = Annotated[
    date,
    BeforeValidator(_day),
    WithJsonSchema({"type": "string", "format": "date", "examples": ["2027-05-27"]}),
]
Fen = Annotated[int, Field(strict=True, ge=0, le=LARGEST_FEN, description="分（人民币），整数")]
Ppm = Annotated[
    int, Field(strict=True, ge=0, le=1_000_000, description="百万分之一，年利率 4.75% 是 47500")
]
Whole = Annotated[int, Field(strict=True, ge=0, le=10_000_000)]
Yes = Annotated[bool, Field(strict=True)]
Word = Annotated[str, Field(strict=True, max_length=64)]
Text = Annotated[str, Field(strict=True, max_length=1000)]
Upload = Annotated[UploadedFile, File()]
DryRun = Annotated[bool, Form()]
Limit = Annotated[int, Field(ge=1, le=200, description="一页多少条"), BeforeValidator(digits)]
Cursor = Annotated[str, Field(max_length=200, description="上一页的 next")]
