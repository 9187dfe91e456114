"""H1: the stand-alone verifier finds whatever was done to an export, and nothing else."""

from __future__ import annotations

import hashlib
import io
import json
import random
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from puhui.kernel.journal.chain import GENESIS, Head, Link, link, sign_head
from puhui.kernel.journal.entries import Entry, canonical
from puhui.kernel.journal.exporting import write_export
from puhui.program import verify_journal
from puhui.program.verify_journal import Wrong, verify

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


def found(content: bytes, held: dict[str, Any] = HELD_HEAD) -> str:
    """The verifier's complaint, empty if it has none."""
    try:
        verify(io.BytesIO(content), KEY.public_key(), held)
    except Wrong as wrong:
        return str(wrong)
    return ""


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
    content[name] = value + luck.choice([-1, 1, 1000]) if isinstance(value, int) else value[::-1] + "0"
    lines[place] = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
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
    return exported(LINKS + extra, HEADS, KEY if luck.random() < 0.5 else Ed25519PrivateKey.generate())


def leave_out_a_head_and_count_anew(luck: random.Random) -> bytes:
    """One head less, and an end that fits what is left but for its signature."""
    less = [head for head in HEADS if head.seq != luck.choice(HEADS[:-1]).seq]
    less = less if len(less) < len(HEADS) else HEADS[1:]
    lines = lines_of(exported(LINKS, less, Ed25519PrivateKey.from_private_bytes(luck.randbytes(32))))
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


def test_an_untouched_export_is_whole() -> None:
    assert found(WHOLE) == ""
    for head in HEADS:
        assert found(WHOLE, head.as_dict()) == ""
    for upto in (HELD, HELD + 1, ENTRIES - 1):
        assert found(exported(*sealed(bodies(), upto=upto))) == ""


def test_h1_a_thousand_seeded_manipulations_are_all_found() -> None:
    luck = random.Random(20261105)
    tried: Counter[str] = Counter()
    for number in range(1000):
        attack = ATTACKS[number % len(ATTACKS)]
        content = attack(luck)
        assert content != WHOLE, f"{attack.__name__} ({number}) changed nothing"
        assert found(content), f"{attack.__name__} ({number}) was not found"
        tried[attack.__name__] += 1
    assert len(tried) == len(ATTACKS) and sum(tried.values()) == 1000


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.__name__)
def test_h1_each_kind_of_manipulation_is_told_in_a_sentence(attack: Callable[[random.Random], bytes]) -> None:
    for seed in range(20):
        words = found(attack(random.Random(seed)))
        assert words.endswith(".") and " " in words


def test_h1_every_line_cut_and_every_neighbours_swapped() -> None:
    lines = lines_of(WHOLE)
    for place in range(len(lines)):
        assert found(b"".join(lines[:place] + lines[place + 1 :]))
    for place in range(len(lines) - 1):
        swapped = [*lines[:place], lines[place + 1], lines[place], *lines[place + 2 :]]
        assert found(b"".join(swapped))


def test_h1_every_field_of_every_line_edited() -> None:
    lines = lines_of(WHOLE)
    for place, line in enumerate(lines):
        content = json.loads(line)
        for name, value in content.items():
            changed = value + 1 if isinstance(value, int) else ("0" if value[-1] != "0" else "1").join([value[:-1], ""])
            edited_line = canonical(content | {name: changed}).encode() + b"\n"
            assert found(b"".join([*lines[:place], edited_line, *lines[place + 1 :]])), (place, name)


@pytest.mark.parametrize("tail", [b"", b" \n", b"\r\n", b"\n\n", b"\n ", b"\n{}\n", b"\n" + WHOLE])
def test_h1_nothing_may_follow_the_end_and_nothing_of_it_be_missing(tail: bytes) -> None:
    assert found(WHOLE[:-1] + tail)


def test_h1_a_roll_back_names_both_counts() -> None:
    words = found(exported(*sealed(bodies(), upto=30)))
    assert "rolled back" in words and "36" in words and "30" in words


def test_h1_another_countys_journal_or_key_does_not_pass() -> None:
    other = Ed25519PrivateKey.generate()
    theirs = exported(LINKS, HEADS, other)
    assert "another public key" in found(theirs)
    with pytest.raises(Wrong, match="head you hold is not signed"):
        verify(io.BytesIO(WHOLE), other.public_key(), HELD_HEAD)


@pytest.mark.parametrize("name", ["seq", "hash", "count", "signed_at", "signature"])
def test_h1_a_held_head_that_was_changed_is_found(name: str) -> None:
    value = HELD_HEAD[name]
    changed = value + 6 if isinstance(value, int) else ("0" if value[0] != "0" else "1") + value[1:]
    assert found(WHOLE, {**HELD_HEAD, name: changed})
    assert found(WHOLE, {key: value for key, value in HELD_HEAD.items() if key != name})


@pytest.fixture
def alone(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """The verifier as an auditor runs it: one file, elsewhere, without the program in reach."""
    script = tmp_path / "auditor" / "verify_journal.py"
    script.parent.mkdir()
    shutil.copy(verify_journal.__file__, script)
    (tmp_path / "auditor" / "journal.jsonl").write_bytes(WHOLE)
    pem = KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    (tmp_path / "auditor" / "key.pem").write_bytes(pem)
    (tmp_path / "auditor" / "head.json").write_text(json.dumps(HELD_HEAD))

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-I", str(script), *arguments],
            cwd=script.parent,
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def test_h1_the_verifier_runs_alone_and_tells_by_its_exit_code(
    alone: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    given = ("journal.jsonl", "--key", "key.pem", "--head", "head.json")
    good = alone(*given)
    assert (good.returncode, good.stderr) == (0, "")
    assert "60 entries" in good.stdout and "entry 36" in good.stdout
    sent = json.dumps({"type": "journal.head", "data": HELD_HEAD})
    raw = KEY.public_key().public_bytes_raw().hex()
    assert alone("journal.jsonl", "--key", raw, "--head", sent).returncode == 0

    (tmp_path / "auditor" / "journal.jsonl").write_bytes(WHOLE.replace(b"300000", b"300001", 1))
    bad = alone(*given)
    assert (bad.returncode, bad.stdout) == (1, "")
    assert bad.stderr == "Entry 3 was edited: its hash does not fit.\n"


@pytest.mark.parametrize(
    "given",
    [
        ("missing.jsonl", "--key", "key.pem", "--head", "head.json"),
        ("journal.jsonl", "--key", "missing.pem", "--head", "head.json"),
        ("journal.jsonl", "--key", "head.json", "--head", "head.json"),
        ("journal.jsonl", "--key", "key.pem", "--head", "missing.json"),
        ("journal.jsonl", "--key", "key.pem", "--head", "{}"),
        ("journal.jsonl", "--key", "key.pem", "--head", "{"),
        ("key.pem", "--key", "key.pem", "--head", "head.json"),
    ],
)
def test_the_verifier_tells_what_it_cannot_read(
    alone: Callable[..., subprocess.CompletedProcess[str]], given: tuple[str, ...]
) -> None:
    told = alone(*given)
    assert told.returncode == 1 and told.stdout == ""
    assert told.stderr and "Traceback" not in told.stderr


def test_the_verifier_shares_no_code_with_the_program() -> None:
    text = Path(verify_journal.__file__).read_text("utf-8")
    imported = {line.split()[1].split(".")[0] for line in text.splitlines() if line.startswith(("import ", "from "))}
    assert imported <= {*sys.stdlib_module_names, "cryptography"}
