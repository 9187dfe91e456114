"""What of a name is kept so that it can be found: keyed hashes of its pairs of characters and of its
pinyin initials, never anything readable.

Tokens only narrow down: whoever is found is compared with what was typed after decryption.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache

from puhui.kernel.crypto import blind_index
from puhui.parties.rules import names
from puhui.parties.rules.pinyin import person_key

PAIR, INITIALS = "name_pair", "name_initials"
FEWEST_INITIALS, LONGEST = 2, 20
LATIN = re.compile(r"[a-z]+(?:[ '][a-z]+)*", re.IGNORECASE)


def token(domain: str, part: str) -> int:
    """A signed 64-bit number that stands for `part`."""
    return int.from_bytes(blind_index(domain, part)[:8], "big", signed=True)


def tokens_of(
    name: str,
    hashed: Callable[[str, str], int] = token,
    read: Callable[[str], str] | None = None,
) -> list[int]:
    """The tokens of a stored name, in no telling order; none for an empty one."""
    if not name:
        return []
    found = {hashed(PAIR, pair) for pair in _pairs(name)}
    found.add(hashed(INITIALS, (read or initials)(name)))
    return sorted(found)


def tokeniser() -> Callable[[str], list[int]]:
    """`tokens_of` for one batch, in which names repeat their parts; it remembers nothing after it."""
    hashed, read = lru_cache(200_000)(token), lru_cache(200_000)(initials)
    return lambda name: tokens_of(name, hashed, read)


def tokens_sought(typed: str) -> list[int] | None:
    """The tokens that whoever is meant must have; None where too little was typed to look for.

    Chinese: at least two characters that stand side by side in the name. Letters: the initials of
    the whole name (ljm), or its whole pinyin with blanks between (li jian min).
    """
    clean = names.OTHER_DOTS.sub(names.DOT, typed).strip()
    if LATIN.fullmatch(clean):
        letters = _initials_typed(clean)
        return [token(INITIALS, letters)] if len(letters) >= FEWEST_INITIALS else None
    clean = names.tidy(clean)
    if not names.SHORTEST <= len(clean) <= LONGEST or not names.PERSON.fullmatch(clean):
        return None
    return sorted({token(PAIR, pair) for pair in _pairs(clean)})


def is_meant(typed: str, name: str) -> bool:
    """Whether the decrypted `name` is one that `typed` looks for."""
    clean = typed.strip()
    if not LATIN.fullmatch(clean):
        return names.tidy(clean) in name
    letters = clean.lower().replace("'", " ").split()
    if len(letters) == 1:
        return initials(name) == letters[0]
    return person_key(name).split(" ")[0] == "".join(letters) or initials(name) == "".join(letters)


def initials(name: str) -> str:
    """曾乐 → zl: a surname by its own reading."""
    return person_key(name).rpartition(" ")[2]


def _initials_typed(clean: str) -> str:
    parts = clean.lower().replace("'", " ").split()
    return parts[0] if len(parts) == 1 else "".join(part[0] for part in parts)


def _pairs(name: str) -> Iterable[str]:
    return (name[start : start + 2] for start in range(len(name) - 1))
