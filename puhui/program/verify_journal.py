"""Checks an exported journal, without the program that wrote it.

    python verify_journal.py FILE --key PUB --head HEAD

FILE  what `puhui export-journal` wrote.
PUB   the county's journal key: a PEM file, or 64 hexadecimal digits.
HEAD  a head received from the county earlier and kept elsewhere (a bank keeps those of its
      `journal.head` webhooks): a JSON file, or the JSON itself, with seq, hash, count, signed_at
      and signature.

Ends with 0 and a summary if every entry up to the export's end is as it was sealed, and with 1
and a sentence saying what is wrong if anything was edited, cut, reordered or rolled back. Needs
Python 3.11 or newer and the package `cryptography`, nothing else: copy this file anywhere.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

FORMAT = "puhui-journal/1"
KEYS: dict[str, dict[str, type]] = {
    "header": {"format": str, "key": str},
    "entry": {"seq": int, "body": str, "prev_hash": str, "hash": str},
    "head": {"seq": int, "hash": str, "count": int, "signed_at": str, "signature": str},
    "end": {"entries": int, "heads": int, "digest": str, "signature": str},
}
HEX_LENGTHS = {"key": 64, "prev_hash": 64, "hash": 64, "digest": 64, "signature": 128}
AFTER: dict[str, set[str]] = {
    "header": {"entry", "end"},
    "entry": {"entry", "head"},
    "head": {"head", "end"},
    "end": set(),
}


class Wrong(Exception):
    """What was found wrong, as a sentence."""


class Journal:
    """What has been read so far, and how it must go on."""

    def __init__(self, key: Ed25519PublicKey, held: dict[str, Any]) -> None:
        self.key = key
        self.held = held
        self.digest = hashlib.sha256()
        self.hashes = bytearray(32)
        """The hash of entry n stands at 32·n; at 0 the zeros that the chain begins with."""
        self.heads = 0
        self.last_head: dict[str, Any] = {"seq": 0, "signed_at": ""}
        self.kind = "header"

    @property
    def entries(self) -> int:
        return len(self.hashes) // 32 - 1

    def hash_at(self, seq: int) -> str:
        return self.hashes[32 * seq : 32 * seq + 32].hex()

    def header(self, line: dict[str, Any]) -> None:
        if line["format"] != FORMAT:
            raise Wrong(f"The file is not of the format {FORMAT}.")
        if line["key"] != self.key.public_bytes_raw().hex():
            raise Wrong("The file names another public key than the one given.")

    def entry(self, line: dict[str, Any]) -> None:
        seq = self.entries + 1
        if line["seq"] != seq:
            raise Wrong(
                f"Entry {seq} is missing or out of order: entry {line['seq']} stands there."
            )
        prev = self.hashes[-32:]
        if line["prev_hash"] != prev.hex():
            raise Wrong(f"Entry {seq} does not follow the entry before it.")
        digest = hashlib.sha256(prev + line["body"].encode()).digest()
        if line["hash"] != digest.hex():
            raise Wrong(f"Entry {seq} was edited: its hash does not fit.")
        self.hashes += digest

    def head(self, line: dict[str, Any]) -> None:
        seq = line["seq"]
        if (
            not self.last_head["seq"] < seq <= self.entries
            or line["signed_at"] < self.last_head["signed_at"]
        ):
            raise Wrong(f"The head at entry {seq} is out of order.")
        self.check_head(line, f"The head at entry {seq}")
        self.heads, self.last_head = self.heads + 1, line

    def check_head(self, line: dict[str, Any], name: str) -> None:
        """A head fits if it is signed by the key and names the hash that the chain has there."""
        seq = line["seq"]
        if line["count"] != seq:
            raise Wrong(f"{name} counts {line['count']} entries.")
        statement = f"puhui-journal-head|{seq}|{line['hash']}|{line['count']}|{line['signed_at']}"
        self.verify(line["signature"], statement, f"{name} is not signed by the key given.")
        if seq <= self.entries and line["hash"] != self.hash_at(seq):
            raise Wrong(
                f"{name} does not fit: the entries up to {seq} are not those that were sealed."
            )

    def end(self, line: dict[str, Any]) -> None:
        found = self.digest.hexdigest()
        if (line["entries"], line["heads"], line["digest"]) != (self.entries, self.heads, found):
            raise Wrong(
                "The file is not as it was written: its last line does not fit the lines before."
            )
        statement = f"puhui-journal-export|{self.entries}|{self.heads}|{found}"
        self.verify(line["signature"], statement, "The file is not signed by the key given.")
        if self.last_head["seq"] != self.entries:
            raise Wrong(f"The entries after {self.last_head['seq']} are covered by no signed head.")
        if self.held["seq"] > self.entries:
            raise Wrong(
                f"The journal was rolled back: {self.held['seq']} entries were sealed"
                f" when the head you hold was signed, and it has {self.entries}."
            )
        self.check_head(self.held, "The head you hold")

    def verify(self, signature: str, statement: str, otherwise: str) -> None:
        try:
            self.key.verify(bytes.fromhex(signature), statement.encode())
        except InvalidSignature:
            raise Wrong(otherwise) from None


def verify(file: BinaryIO, key: Ed25519PublicKey, held: dict[str, Any]) -> Journal:
    """Check the whole export; raises Wrong."""
    check_shape("head", held, "The head you hold")
    journal = Journal(key, held)
    journal.check_head(held, "The head you hold")
    for number, raw, line in lines(file):
        kind = line["kind"]
        if kind not in (AFTER[journal.kind] if number > 1 else {"header"}):
            raise Wrong(f"Line {number} ({kind}) does not belong there.")
        getattr(journal, kind)(line)
        journal.digest.update(raw)
        journal.kind = kind
    if journal.kind != "end":
        raise Wrong("The file was cut: its last line is missing.")
    return journal


def lines(file: BinaryIO) -> Iterator[tuple[int, bytes, dict[str, Any]]]:
    """Each line with its number and bytes; every one in the only spelling it may have."""
    for number, raw in enumerate(file, 1):
        where = f"Line {number}"
        try:
            line = json.loads(raw)
        except (ValueError, RecursionError):
            raise Wrong(f"{where} is not JSON.") from None
        kind = line.get("kind") if isinstance(line, dict) else None
        if kind not in KEYS:
            raise Wrong(f"{where} is of no known kind.")
        check_shape(kind, {name: value for name, value in line.items() if name != "kind"}, where)
        if canonical(line) != raw:
            raise Wrong(f"{where} is not spelled as it was written.")
        yield number, raw, line


def canonical(line: dict[str, Any]) -> bytes:
    text = json.dumps(line, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return text.encode(errors="replace") + b"\n"


def check_shape(kind: str, line: dict[str, Any], where: str) -> None:
    wanted = KEYS[kind]
    if set(line) != set(wanted):
        raise Wrong(f"{where} has other fields than {', '.join(wanted)}.")
    for name, value in line.items():
        if type(value) is not wanted[name]:
            raise Wrong(f"{where}: {name} is of the wrong kind.")
        if name in HEX_LENGTHS and not is_hex(str(value), HEX_LENGTHS[name]):
            raise Wrong(f"{where}: {name} is not {HEX_LENGTHS[name]} hexadecimal digits.")


def is_hex(value: str, length: int) -> bool:
    return len(value) == length and set(value) <= set("0123456789abcdef")


def read_key(given: str) -> Ed25519PublicKey:
    text = given.strip()
    if is_hex(text.lower(), 64):
        return Ed25519PublicKey.from_public_bytes(bytes.fromhex(text))
    try:
        key = load_pem_public_key(Path(given).read_bytes())
    except (OSError, ValueError) as error:
        raise Wrong(f"The key cannot be read: {error}") from None
    if not isinstance(key, Ed25519PublicKey):
        raise Wrong("The key is not an ed25519 public key.")
    return key


def read_head(given: str) -> dict[str, Any]:
    """The head itself, or the webhook message that brought it."""
    try:
        text = given if given.lstrip().startswith("{") else Path(given).read_text("utf-8")
        found = json.loads(text)
        found = found["data"] if "data" in found else found
        return {name: found[name] for name in KEYS["head"]}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Wrong(f"The head you hold cannot be read: {type(error).__name__} {error}") from None


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="verify_journal.py", description="Check an exported journal of Puhui."
    )
    parser.add_argument("file", help="the export")
    parser.add_argument(
        "--key", required=True, help="the county's journal key: PEM file or 64 hex digits"
    )
    parser.add_argument("--head", required=True, help="a head kept elsewhere: JSON file or JSON")
    given = parser.parse_args(arguments)
    try:
        with open(given.file, "rb") as file:
            journal = verify(file, read_key(given.key), read_head(given.head))
    except (Wrong, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    print(
        f"The journal is whole: {journal.entries} entries, {journal.heads} signed heads,"
        f" the last of {journal.last_head['signed_at']}; the head you hold (entry {journal.held['seq']},"
        f" {journal.held['signed_at']}) fits."
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
