"""Before a workbook is opened: that it unpacks to a bearable size, whatever it says of itself.

The reader lays a page out as one full rectangle and copies shared text into every cell that names
it, so a small file could ask for more memory than there is. The parts are unpacked here first, up
to the limit and no further, and their widest address and longest text are measured.
"""

from __future__ import annotations

import io
import re
import zlib
from zipfile import BadZipFile, ZipFile, ZipInfo

from puhui.kernel.command import FieldError, Reason
from puhui.sheets.terms import Limits, Refusals

MOST_PARTS = 500
MOST_CELLS = 4_000_000
MOST_TEXT = 256 * 2**20
LETTERS = 26
STORED, DEFLATED = 0, 8
ENCRYPTED = 1
WORKBOOK = "xl/workbook.xml"
ADDRESS = re.compile(rb"""\br\s*=\s*["']([A-Za-z]{0,3})([0-9]{1,9})["']""")
SHARED = re.compile(rb"<(?:\w+:)?sst\b")
END_OF_TEXT = re.compile(rb"si\s*>")
SHARING_CELL = re.compile(rb"""\bt\s*=\s*["']s["']""")


class Unbearable(Exception):
    """The workbook is not one, or unpacks to too much."""

    def __init__(self, reason: Reason, **facts: object) -> None:
        super().__init__(reason.code)
        self.told = FieldError("", reason.code, reason.sentence.format(**facts))


def judge(content: bytes, limits: Limits) -> None:
    """Raise Unbearable unless `content` is a workbook of bearable size."""
    try:
        parts = ZipFile(io.BytesIO(content)).infolist()
    except (BadZipFile, ValueError, EOFError, OSError) as error:
        raise Unbearable(Refusals.BROKEN) from error
    names = {part.filename for part in parts}
    if WORKBOOK not in names:
        raise Unbearable(Refusals.OLD_FORMAT)
    if len(parts) > MOST_PARTS or len(names) != len(parts):
        raise Unbearable(Refusals.BROKEN)
    left, longest, sharing = limits.unpacked, 0, 0
    for part in parts:
        body = _unpacked(content, part, left)
        left -= len(body)
        if part.filename.lower().endswith((".xml", ".rels")):
            _judge_page(body)
            sharing += len(SHARING_CELL.findall(body))
            if SHARED.search(body):
                longest = max(longest, *(len(one) for one in END_OF_TEXT.split(body)))
    if longest * sharing > MOST_TEXT:
        raise Unbearable(Refusals.TOO_LARGE, most=limits.size // 2**20)


def _unpacked(content: bytes, part: ZipInfo, left: int) -> bytes:
    """What a part really holds: its header may say anything."""
    if part.flag_bits & ENCRYPTED:
        raise Unbearable(Refusals.LOCKED)
    header = content[part.header_offset : part.header_offset + 30]
    if len(header) < 30:
        raise Unbearable(Refusals.BROKEN)
    begins = part.header_offset + 30 + int.from_bytes(header[26:28], "little")
    begins += int.from_bytes(header[28:30], "little")
    packed = content[begins : begins + part.compress_size]
    if part.compress_type == STORED:
        body = packed
    elif part.compress_type == DEFLATED:
        try:
            body = zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed, left + 1)
        except zlib.error as error:
            raise Unbearable(Refusals.BROKEN) from error
    else:
        raise Unbearable(Refusals.BROKEN)
    if len(body) > left:
        raise Unbearable(Refusals.SPREAD_OUT)
    return body


def _judge_page(body: bytes) -> None:
    if b"\x00" in body or b"<!DOCTYPE" in body or b"<!ENTITY" in body:
        raise Unbearable(Refusals.BROKEN)
    rows = columns = 1
    for letters, digits in ADDRESS.findall(body):
        rows = max(rows, int(digits))
        if letters:
            columns = max(columns, _column(letters))
    if rows * columns > MOST_CELLS:
        raise Unbearable(Refusals.SPREAD_OUT)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * LETTERS + letter - ord("A") + 1
    return number
