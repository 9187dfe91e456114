"""The statements of one claim: recorded from the program, and compared by their shapes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

SCRIPT = Path(__file__).parent / "claim.sql"

PARAMETER = re.compile(r"%\(\w+\)s|%s")
LITERAL = re.compile(r"'(?:[^']|'')*'|\b(?:NULL|TRUE|FALSE)\b|(?<![\w.$:])-?\d+\b", re.IGNORECASE)
TYPED = re.compile(r"\?(?:::timestamptz(?!\[))+")


def shape(statement: str) -> str:
    """A statement without its values."""
    plain = TYPED.sub("?", LITERAL.sub("?", PARAMETER.sub("?", statement)))
    return " ".join(plain.split()).rstrip("; ")


def scripted() -> list[str]:
    """Shapes of the statements in claim.sql."""
    lines = SCRIPT.read_text("utf-8").splitlines()
    text = "\n".join(line for line in lines if not line.startswith(("--", "\\")))
    return [shape(one) for one in text.split(";\n") if one.strip()]


@contextmanager
def recorded() -> Iterator[list[tuple[str, Any]]]:
    """Statements with their values that this thread's connection executes."""
    from django.db import connection

    found: list[tuple[str, Any]] = []

    def note(
        execute: Callable[..., Any], statement: str, values: Any, many: bool, context: Any
    ) -> Any:
        found.append((statement, values))
        return execute(statement, values, many, context)

    with connection.execute_wrapper(note):
        yield found
