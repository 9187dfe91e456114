"""Spreadsheets and documents: a new archive of inspected parts; macros and guests are refused."""

from __future__ import annotations

import io
import re
import zipfile
import zlib

from puhui.files.pictures import redrawn
from puhui.files.verdicts import Unwanted

MAIN = {
    b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml": "xlsx",
    b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml": "docx",
}
MOST_PARTS = 500
MOST_BYTES = 40 * 2**20
MOST_RATIO = 200
SMALL = 2**20
MOST_CELLS = 1_000_000
LETTERS = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]{1,3})([0-9]{1,7})"')
ROW = re.compile(rb'<(?:\w+:)?row\b[^>]*?\br="([0-9]{1,7})"')
GUESTS = ("vbaproject", "activex", "embeddings/", "externallinks/", "ctrlprops/", "customui")
OUTWARD = re.compile(rb'TargetMode\s*=\s*["\']External["\']', re.IGNORECASE)
LINK = re.compile(rb'(?<![\w:])Type\s*=\s*["\'][^"\']*/hyperlink["\']')
RELATION = re.compile(rb"<(?:\w+:)?Relationship\b[^>]*>", re.IGNORECASE)
PROPERTIES = {
    "docprops/core.xml": b'<?xml version="1.0" encoding="UTF-8"?><cp:coreProperties xmlns:cp='
    b'"http://schemas.openxmlformats.org/package/2006/metadata/core-properties"/>',
    "docprops/app.xml": b'<?xml version="1.0" encoding="UTF-8"?><Properties xmlns='
    b'"http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"/>',
    "docprops/custom.xml": b'<?xml version="1.0" encoding="UTF-8"?><Properties xmlns='
    b'"http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"/>',
}
"""Author, company and their like, emptied."""


def rebuilt(body: bytes) -> tuple[str, bytes]:
    """Kind and a new archive of its parts; nothing that stood between or behind them is kept."""
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            parts = _listed(archive)
            kind = _kind(_read(archive, "[Content_Types].xml", parts))
            return kind, _packed(archive, parts)
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, NotImplementedError) as error:
        raise Unwanted("office_unreadable") from error
    except (RuntimeError, UnicodeDecodeError, ValueError) as error:  # a password, an odd name
        raise Unwanted("office_unreadable") from error


def _listed(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """The parts by name, once each, within the limits that they themselves declare."""
    parts = [one for one in archive.infolist() if not one.is_dir()]
    if len(parts) > MOST_PARTS or sum(one.file_size for one in parts) > MOST_BYTES:
        raise Unwanted("file_unpacks_too_large")
    names = {one.filename.lower() for one in parts}
    if len(names) != len(parts) or any(".." in name or name[:1] in "/\\" for name in names):
        raise Unwanted("office_unreadable")
    if any(guest in name for guest in GUESTS for name in names):
        raise Unwanted("office_active")
    for one in parts:
        if one.file_size > SMALL and one.file_size > MOST_RATIO * max(one.compress_size, 1):
            raise Unwanted("file_unpacks_too_large")
    return {one.filename: one for one in parts}


def _read(archive: zipfile.ZipFile, name: str, parts: dict[str, zipfile.ZipInfo]) -> bytes:
    """One part; more than it declares is not read, and its check sum must be right."""
    one = parts[name]
    with archive.open(one) as file:
        body = file.read(one.file_size + 1)
    if len(body) != one.file_size:
        raise Unwanted("file_unpacks_too_large")
    return body


def _kind(types: bytes) -> str:
    if b"macroEnabled" in types or b"vbaProject" in types:
        raise Unwanted("office_active")
    found = {kind for media, kind in MAIN.items() if media in types}
    if not found:
        raise Unwanted("file_kind_unknown")
    if len(found) > 1:
        raise Unwanted("file_of_two_kinds")
    return found.pop()


def _packed(archive: zipfile.ZipFile, parts: dict[str, zipfile.ZipInfo]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as fresh:
        for name in parts:
            part = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            part.compress_type = zipfile.ZIP_DEFLATED
            fresh.writestr(part, _clean(name, _read(archive, name, parts)))
    return out.getvalue()


def _clean(name: str, body: bytes) -> bytes:
    low = name.lower()
    if low in PROPERTIES:
        return PROPERTIES[low]
    if low.endswith((".xml", ".rels", ".vml")):
        _judge_words(low, body)
        return body
    if low.endswith((".jpg", ".jpeg", ".png", ".webp")):
        return _redrawn(low, body)
    if low.endswith((".emf", ".wmf", ".gif", ".tif", ".tiff", ".bmp", ".bin", ".odttf")):
        return _harmless(body)
    raise Unwanted("office_active")


def _redrawn(name: str, body: bytes) -> bytes:
    """A picture in a document loses its data as any other; readers go by its first bytes."""
    return redrawn(body)


def _harmless(body: bytes) -> bytes:
    """Drawings, fonts, printer settings: not looked into, but no archive and no other document."""
    if body.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF-", b"MZ", b"\x7fELF")):
        raise Unwanted("office_active")
    return body


def _judge_words(name: str, body: bytes) -> None:
    """XML in UTF-8, no entities, nothing fetched from outside but links that a person follows."""
    if body[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00" in body[:64]:
        raise Unwanted("office_unreadable")
    if b"<!DOCTYPE" in body or b"<!ENTITY" in body:
        raise Unwanted("office_active")
    if name.endswith(".rels"):
        for one in RELATION.findall(body):
            if OUTWARD.search(one) and not LINK.search(one):
                raise Unwanted("office_active")
    if "worksheets/" in name:
        _judge_sheet(body)


def _judge_sheet(body: bytes) -> None:
    """Two cells in far corners would unfold to a table of thousands of millions."""
    columns = rows = 1
    for letters, row in LETTERS.findall(body):
        columns, rows = max(columns, _number(letters)), max(rows, int(row))
    for row in ROW.findall(body):
        rows = max(rows, int(row))
    if columns * rows > MOST_CELLS:
        raise Unwanted("file_unpacks_too_large")


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
