"""Places and organisations as people write them in a list: by code, reference or name."""

from __future__ import annotations

from dataclasses import dataclass, field

from puhui.parties.models import Division, Organisation
from puhui.parties.rules import registers
from puhui.sheets.terms import Found

KIND = Division.Kind
UPPER = (KIND.TOWNSHIP, KIND.UNIT)


@dataclass(slots=True)
class Places:
    """Every place in use, found by code or by name within its township."""

    tops: dict[str, str] = field(default_factory=dict)
    by_code: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Code → kind, township."""
    named: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    natural: dict[tuple[str, str], list[str]] = field(default_factory=dict)

    @classmethod
    def load(cls) -> Places:
        """All divisions in use, by one statement."""
        places = cls()
        rows = Division.objects.filter(is_active=True).values_list(
            "code", "name", "short_name", "kind", "township_code", "parent_id", "parent__short_name"
        )
        for code, name, short, kind, township, _parent, above in rows:
            places.by_code[code] = (kind, township)
            words = {name, short}
            if kind in UPPER:
                places.tops.update(dict.fromkeys({code, *words}, code))
                continue
            into = places.natural if kind == KIND.NATURAL_VILLAGE else places.named
            if above and kind == KIND.NATURAL_VILLAGE:
                words |= {f"{above}/{one}" for one in words}
            for word in words:
                into.setdefault((township, word), []).append(code)
        return places

    def township(self, typed: str, line: int, found: Found) -> str:
        """The code of a township-level unit; empty with an error told."""
        code = self.tops.get(typed.strip(), "")
        if not code:
            found.add(line, registers.TOWNSHIP_UNKNOWN)
        return code

    def village(
        self, township: str, typed: str, line: int, found: Found, *, is_natural_taken: bool
    ) -> str:
        """The code of a village (or, where taken, a natural village) of a township."""
        typed = typed.strip().replace("／", "/")
        kind, holder = self.by_code.get(typed, ("", ""))
        allowed = (KIND.VILLAGE, KIND.NATURAL_VILLAGE) if is_natural_taken else (KIND.VILLAGE,)
        if kind in allowed and holder == township:
            return typed
        codes = self.named.get((township, typed), [])
        if not codes and is_natural_taken:
            codes = self.natural.get((township, typed), [])
        if len(codes) == 1:
            return codes[0]
        found.add(line, registers.VILLAGE_TWICE if codes else registers.VILLAGE_UNKNOWN)
        return ""


@dataclass(slots=True)
class Organisations:
    """Every organisation in use, found by reference or name."""

    by_word: dict[str, Organisation]

    @classmethod
    def load(cls, kind: str = "") -> Organisations:
        """All organisations in use, of one kind if named."""
        rows = Organisation.objects.filter(is_active=True)
        rows = rows.filter(kind=kind) if kind else rows
        return cls({word: row for row in rows for word in (row.name, row.sms_name, row.ref)})

    def get(self, typed: str) -> Organisation | None:
        typed = typed.strip()
        return self.by_word.get(typed) or self.by_word.get(typed.upper())
