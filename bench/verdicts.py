"""One line for each figure: what was measured, what it must be."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

OUT = Path(__file__).parent / "out"


@dataclass(frozen=True)
class Verdict:
    """A figure as measured."""

    figure: str
    what: str
    measured: str
    limit: str
    holds: bool

    @property
    def line(self) -> str:
        verdict = "holds" if self.holds else "FAILS"
        return f"{self.figure:<4} {self.what:<52} {self.measured:<34} {self.limit:<24} {verdict}"


def keep(name: str, raw: Any) -> None:
    """Raw numbers, for whoever doubts the table; not committed."""
    OUT.mkdir(exist_ok=True)
    (OUT / f"{name}.json").write_text(json.dumps(raw, indent=1, ensure_ascii=False), "utf-8")


def table(verdicts: list[Verdict]) -> str:
    head = f"{'':<4} {'work':<52} {'measured':<34} {'limit':<24} verdict"
    keep("verdicts", [asdict(one) for one in verdicts])
    return "\n".join([head, *(one.line for one in verdicts)])
