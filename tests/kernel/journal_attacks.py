"""Exports of a made-up journal, and what somebody might do to one before handing it on."""

from __future__ import annotations

import hashlib
import io
import json
import random
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from puhui.kernel.journal.chain import GENESIS, Head, Link, link, sign_head
from puhui.kernel.journal.entries import Entry, canonical
from puhui.kernel.journal.exporting import write_export

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
START = datetime(2026, 11, 5, 1, tzinfo=UTC)
ENTRIES, BATCH, HELD = 60, 6, 36
"""Sixty entries, a head after each sixth; a bank holds the head at entry 36."""


def bodies() -> list[str]:
    return [
        Entry(
            id=UUID(int=(7 << 76) | (2 << 62) | number),
            at=START + timedelta(seconds=number),
            action="claim",
            by={"role": "loan_officer", "ref": f"S{number % 7}", "org": "B1"},
            subject=("engagement", f"E{number}"),
            demand=f"D{number % 9}",
            facts={"amount_fen": 100_000 * number},
        ).body
        for number in range(1, ENTRIES + 1)
    ]


def sealed(texts: list[str], upto: int = ENTRIES) -> tuple[list[Link], list[Head]]:
    links = link((0, GENESIS), texts)[:upto]
    heads = [
        sign_head(KEY, one, START + timedelta(minutes=one.seq))
        for one in links
        if one.seq % BATCH == 0 or one.seq == len(links)
    ]
    return links, heads


def exported(links: list[Link], heads: list[Head], key: Ed25519PrivateKey = KEY) -> bytes:
    file = io.BytesIO()
    write_export(file, key, links, heads)
    return file.getvalue()


LINKS, HEADS = sealed(bodies())
WHOLE = exported(LINKS, HEADS)
HELD_HEAD: dict[str, Any] = next(head.as_dict() for head in HEADS if head.seq == HELD)


# What someone may do who has the file but not the key: each returns the file as it is handed on.


def lines_of(content: bytes) -> list[bytes]:
    return content.splitlines(keepends=True)


def flip_a_bit(luck: random.Random) -> bytes:
    content = bytearray(WHOLE)
    content[luck.randrange(len(content))] ^= 1 << luck.randrange(8)
    return bytes(content)


def replace_a_byte(luck: random.Random) -> bytes:
    content = bytearray(WHOLE)
    place = luck.randrange(len(content))
    content[place] = luck.choice([byte for byte in range(256) if byte != content[place]])
    return bytes(content)


def cut_a_line(luck: random.Random) -> bytes:
    lines = lines_of(WHOLE)
    del lines[luck.randrange(len(lines))]
    return b"".join(lines)


def cut_lines(luck: random.Random) -> bytes:
    lines = lines_of(WHOLE)
    first = luck.randrange(len(lines) - 1)
    del lines[first : luck.randint(first + 1, len(lines))]
    return b"".join(lines)


def cut_bytes(luck: random.Random) -> bytes:
    first = luck.randrange(len(WHOLE))
    return WHOLE[:first] + WHOLE[luck.randint(first + 1, len(WHOLE)) :]


def swap_lines(luck: random.Random) -> bytes:
    lines = lines_of(WHOLE)
    one, other = luck.sample(range(len(lines)), 2)
    lines[one], lines[other] = lines[other], lines[one]
    return b"".join(lines)


def repeat_a_line(luck: random.Random) -> bytes:
    lines = lines_of(WHOLE)
    lines.insert(luck.randrange(len(lines) + 1), luck.choice(lines))
    return b"".join(lines)


def add_bytes(luck: random.Random) -> bytes:
    place = luck.randrange(len(WHOLE) + 1)
    return WHOLE[:place] + luck.choice([b" ", b"\n", b"0", b"{}\n", b"\t"]) + WHOLE[place:]


def edit_a_field(luck: random.Random) -> bytes:
    lines = lines_of(WHOLE)
    place = luck.randrange(len(lines))
    content = json.loads(lines[place])
    name = luck.choice([name for name in content if name != "kind"])
    value = content[name]
    content[name] = (
        value + luck.choice([-1, 1, 1000]) if isinstance(value, int) else value[::-1] + "0"
    )
    lines[place] = (
        json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()
        + b"\n"
    )
    return b"".join(lines)


def roll_back(luck: random.Random) -> bytes:
    """A genuine export, signed by the county, from before the head that the bank holds."""
    return exported(*sealed(bodies(), upto=luck.randrange(0, HELD)))


def edit_and_chain_anew(luck: random.Random) -> bytes:
    """An edited entry with every hash after it made to fit; heads and end cannot be signed."""
    texts = edited(luck, ENTRIES)
    forged = Ed25519PrivateKey.from_private_bytes(luck.randbytes(32))
    links = link((0, GENESIS), texts)
    lines = lines_of(exported(links, HEADS if luck.random() < 0.5 else [], forged))
    if luck.random() < 0.7:
        lines[0], lines[-1] = lines_of(WHOLE)[0], lines_of(WHOLE)[-1]
    return b"".join(lines)


def append_an_entry(luck: random.Random) -> bytes:
    last = LINKS[-1]
    extra = link((last.seq, last.hash), [bodies()[luck.randrange(ENTRIES)]])
    return exported(
        LINKS + extra, HEADS, KEY if luck.random() < 0.5 else Ed25519PrivateKey.generate()
    )


def leave_out_a_head_and_count_anew(luck: random.Random) -> bytes:
    """One head less, and an end that fits what is left but for its signature."""
    less = [head for head in HEADS if head.seq != luck.choice(HEADS[:-1]).seq]
    less = less if len(less) < len(HEADS) else HEADS[1:]
    lines = lines_of(
        exported(LINKS, less, Ed25519PrivateKey.from_private_bytes(luck.randbytes(32)))
    )
    lines[0] = lines_of(WHOLE)[0]
    end = json.loads(lines[-1]) | {"digest": hashlib.sha256(b"".join(lines[:-1])).hexdigest()}
    return b"".join([*lines[:-1], canonical(end).encode() + b"\n"])


# What someone may do who has the key as well: only the head held elsewhere tells.


def edited(luck: random.Random, upto: int) -> list[str]:
    texts = bodies()
    place = luck.randrange(upto)
    content = json.loads(texts[place])
    content["facts"]["amount_fen"] += luck.choice([-1, 1, 5_000_000])
    texts[place] = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return texts


def rewrite_with_the_key(luck: random.Random) -> bytes:
    return exported(*sealed(edited(luck, HELD)))


def leave_out_with_the_key(luck: random.Random) -> bytes:
    texts = bodies()
    del texts[luck.randrange(HELD)]
    return exported(*sealed(texts))


def reorder_with_the_key(luck: random.Random) -> bytes:
    texts = bodies()
    one, other = luck.randrange(HELD), luck.randrange(ENTRIES)
    other = other if other != one else (one + 1) % ENTRIES
    texts[one], texts[other] = texts[other], texts[one]
    return exported(*sealed(texts))


def number_wrongly_with_the_key(luck: random.Random) -> bytes:
    links = list(LINKS)
    place = luck.randrange(ENTRIES)
    links[place] = replace(links[place], seq=links[place].seq + luck.choice([-1, 1, 100]))
    return exported(links, HEADS)


def name_another_predecessor_with_the_key(luck: random.Random) -> bytes:
    links = list(LINKS)
    place = luck.randrange(ENTRIES)
    links[place] = replace(links[place], prev_hash=luck.randbytes(32))
    return exported(links, HEADS)


ATTACKS: list[Callable[[random.Random], bytes]] = [
    flip_a_bit,
    replace_a_byte,
    cut_a_line,
    cut_lines,
    cut_bytes,
    swap_lines,
    repeat_a_line,
    add_bytes,
    edit_a_field,
    roll_back,
    edit_and_chain_anew,
    append_an_entry,
    leave_out_a_head_and_count_anew,
    rewrite_with_the_key,
    leave_out_with_the_key,
    reorder_with_the_key,
    number_wrongly_with_the_key,
    name_another_predecessor_with_the_key,
]
