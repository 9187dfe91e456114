"""What an entry of the directory must be like."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from puhui.catalogue.directory.terms import EntryForm, EntryKind, EntryRefusals
from puhui.catalogue.terms import FORBIDDEN
from puhui.kernel.command import FieldError, Reason

PHONE = re.compile(r"(?=(?:\D*\d){3})[\d-]{3,20}")
HOST = re.compile(r"(?=.{4,253}\Z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,}")
LONGEST_TITLE, LONGEST_WORDS, LONGEST_LINK = 40, 500, 200
NEED_WORDS = (EntryKind.POLICY, EntryKind.QUERY, EntryKind.HOURS)


def entry_errors(form: EntryForm) -> list[FieldError]:
    """Everything wrong with an entry; empty when all is well."""
    return [*_text_errors(form), *_address_errors(form)]


def _wrong(reason: Reason, field: str = "", **facts: str) -> FieldError:
    return FieldError(field or reason.field, reason.code, reason.sentence.format(**facts))


def _text_errors(form: EntryForm) -> Iterator[FieldError]:
    if form.kind not in EntryKind.values:
        yield _wrong(EntryRefusals.KIND)
    if not 2 <= len(form.title.strip()) <= LONGEST_TITLE:
        yield _wrong(EntryRefusals.TITLE)
    if len(form.words) > LONGEST_WORDS:
        yield _wrong(EntryRefusals.WORDS)
    if form.kind in NEED_WORDS and not form.words.strip():
        yield _wrong(EntryRefusals.WORDS_EMPTY)
    for field in ("title", "words"):
        for word in FORBIDDEN:
            if word in getattr(form, field):
                yield _wrong(EntryRefusals.FORBIDDEN, field, word=word)


def _address_errors(form: EntryForm) -> Iterator[FieldError]:
    if form.kind == EntryKind.HOTLINE:
        if not PHONE.fullmatch(form.address):
            yield _wrong(EntryRefusals.PHONE)
    elif form.kind == EntryKind.QUICK_LOAN:
        if not is_own_page(form.address):
            yield _wrong(EntryRefusals.LINK)
    elif form.address:
        yield _wrong(EntryRefusals.NO_ADDRESS)


def is_own_page(address: str) -> bool:
    """A whole https address with a host by name, and no user, port or blank in it."""
    if len(address) > LONGEST_LINK or not address.isascii() or re.search(r"[\s\\]", address):
        return False
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return False
    return (
        parts.scheme == "https"
        and port is None
        and "@" not in parts.netloc
        and bool(HOST.fullmatch(parts.netloc.lower()))
    )
