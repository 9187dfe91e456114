"""PDF: kept as it is when nothing in it acts, asks, opens or carries anything."""

from __future__ import annotations

import re
import zlib

from puhui.files.verdicts import Unwanted, has_hidden_archive

ACTIVE = (
    b"/JavaScript",
    b"/Launch",
    b"/EmbeddedFile",
    b"/RichMedia",
    b"/SubmitForm",
    b"/ImportData",
    b"/GoToE",
    b"/GoToR",
    b"/AcroForm",
    b"/Rendition",
)
"""Names long enough that chance does not write them into a picture's bytes."""
MARKUP = (b"<html", b"<script", b"<!doctype", b"<svg")
ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
STREAM = re.compile(rb"stream\r?\n")
END = re.compile(rb"%%EOF\s*\Z")
INNER_LIMIT = 20 * 2**20
DICTIONARY = 4096


def inspected(body: bytes) -> bytes:
    """The same bytes. Refuses what is not whole, locked, active or also something else."""
    if not END.search(body[-2048:]):
        raise Unwanted("pdf_unreadable")
    if has_hidden_archive(body) or any(word in body[:1024].lower() for word in MARKUP):
        raise Unwanted("file_of_two_kinds")
    plain = _unescaped(body)
    if b"/Encrypt" in plain:
        raise Unwanted("pdf_locked")
    _refuse_active(plain)
    for inner in _object_streams(body):
        _refuse_active(_unescaped(inner))
    return body


def _unescaped(body: bytes) -> bytes:
    """A name may be written /J#61vaScript."""
    return ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), body) if b"#" in body else body


def _refuse_active(plain: bytes) -> None:
    if any(name in plain for name in ACTIVE):
        raise Unwanted("pdf_active")


def _object_streams(body: bytes) -> list[bytes]:
    """Objects may lie packed inside streams: these have /First in their dictionary, unpack them."""
    found, left = [], INNER_LIMIT
    for start in STREAM.finditer(body):
        before = body[max(0, start.start() - DICTIONARY) : start.start()]
        dictionary = _unescaped(before[before.rfind(b"obj") + 3 :])
        if b"/First" not in dictionary:
            continue
        inner = _inflated(body, start.end(), dictionary, left)
        left -= len(inner)
        found.append(inner)
    return found


def _inflated(body: bytes, at: int, dictionary: bytes, left: int) -> bytes:
    if b"/Filter" not in dictionary:
        end = body.find(b"endstream", at)
        return body[at : end if end >= 0 else len(body)]
    filters = re.findall(rb"/[A-Za-z0-9]+Decode\b", dictionary)
    if filters != [b"/FlateDecode"] or b"/Predictor" in dictionary:
        raise Unwanted("pdf_unreadable")
    unpacker = zlib.decompressobj()
    try:
        inner = unpacker.decompress(body[at:], left + 1)
    except zlib.error as error:
        raise Unwanted("pdf_unreadable") from error
    if len(inner) > left:
        raise Unwanted("file_unpacks_too_large")
    return inner
