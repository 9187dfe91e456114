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
GAP = rb"(?:[\x00\t\n\f\r ]|%[^\r\n]*[\r\n])"
OBJECT = re.compile(rb"[0-9]" + GAP + rb"+[0-9]+" + GAP + rb"+obj")
STREAM = re.compile(GAP + rb"*stream(?:\r\n|\n|\r)")
MARK = re.compile(rb"<<|>>|\(|%[^\r\n]*|\bendobj\b|\bstream\b")
BRACKET = re.compile(rb"\\.|\(|\)", re.DOTALL)
END = re.compile(rb"%%EOF\s*\Z")
INNER_LIMIT = 20 * 2**20
LONGEST_DICTIONARY = 2**16


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
    for header in OBJECT.finditer(body):
        dictionary, end = _dictionary(body, header.end())
        start = STREAM.match(body, end)
        if start is None or b"/First" not in _unescaped(dictionary):
            continue
        inner = _inflated(body, start.end(), _unescaped(dictionary), left)
        left -= len(inner)
        found.append(inner)
    return found


def _dictionary(body: bytes, at: int) -> tuple[bytes, int]:
    """The dictionary that begins at `at` without its strings and comments, and where it ends.

    Read as a reader reads it: what only looks like an end, inside a string or a comment, is none.
    """
    parts, depth, place = [], 0, at
    while place < at + LONGEST_DICTIONARY:
        mark = MARK.search(body, place)
        if mark is None:
            break
        parts.append(body[place : mark.start()])
        word, place = mark[0], mark.end()
        if word == b"(":
            place = _string_end(body, place)
        elif word == b"<<":
            depth += 1
        elif word == b">>":
            depth -= 1
        if depth <= 0 and word != b"(" and not word.startswith(b"%"):
            return b" ".join(parts), place
    if depth:
        raise Unwanted("pdf_unreadable")
    return b"", at


def _string_end(body: bytes, at: int) -> int:
    """Behind the bracket that closes the string; brackets in it stand in pairs."""
    depth = 1
    for mark in BRACKET.finditer(body, at):
        if mark[0] == b"(":
            depth += 1
        elif mark[0] == b")":
            depth -= 1
        if not depth:
            return mark.end()
    raise Unwanted("pdf_unreadable")


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
