"""H1: the stand-alone verifier finds whatever was done to an export, and nothing else."""

from __future__ import annotations

import io
import json
import random
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from puhui.kernel.journal.entries import canonical
from puhui.program import verify_journal
from puhui.program.verify_journal import Wrong, verify
from tests.kernel.journal_attacks import (
    ATTACKS,
    ENTRIES,
    HEADS,
    HELD,
    HELD_HEAD,
    KEY,
    LINKS,
    WHOLE,
    bodies,
    exported,
    lines_of,
    sealed,
)


def found(content: bytes, held: dict[str, Any] = HELD_HEAD) -> str:
    """The verifier's complaint, empty if it has none."""
    try:
        verify(io.BytesIO(content), KEY.public_key(), held)
    except Wrong as wrong:
        return str(wrong)
    return ""


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
def test_h1_each_kind_of_manipulation_is_told_in_a_sentence(
    attack: Callable[[random.Random], bytes],
) -> None:
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
            changed = (
                value + 1
                if isinstance(value, int)
                else ("0" if value[-1] != "0" else "1").join([value[:-1], ""])
            )
            edited_line = canonical(content | {name: changed}).encode() + b"\n"
            assert found(b"".join([*lines[:place], edited_line, *lines[place + 1 :]])), (
                place,
                name,
            )


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
    imported = {
        line.split()[1].split(".")[0]
        for line in text.splitlines()
        if line.startswith(("import ", "from "))
    }
    assert imported <= {*sys.stdlib_module_names, "cryptography"}
