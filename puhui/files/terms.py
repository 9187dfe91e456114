"""Nouns of uploads: kinds, a clean file, and why one is refused."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field

from puhui.kernel.command import Reason

MEGABYTE = 2**20
LARGEST = 10 * MEGABYTE
LARGEST_PIXELS = 25_000_000
LARGEST_TABLE = 5 * MEGABYTE


class Kind(enum.StrEnum):
    """What a file is, by its content."""

    PICTURE = "picture"
    PDF = "pdf"
    XLSX = "xlsx"
    DOCX = "docx"


MEDIA = {
    Kind.PICTURE: "image/jpeg",
    Kind.PDF: "application/pdf",
    Kind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Kind.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
ENDINGS = {Kind.PICTURE: ".jpg", Kind.PDF: ".pdf", Kind.XLSX: ".xlsx", Kind.DOCX: ".docx"}


@dataclass(frozen=True, slots=True)
class CleanFile:
    """An upload that was looked at and cleaned. Only `queries.cleaned` makes one.

    `digest` is the SHA-256 of `body` in hexadecimal: the file's name in the store.
    """

    kind: Kind
    body: bytes = field(repr=False)
    digest: str

    @property
    def media(self) -> str:
        return MEDIA[self.kind]


class Refusals:
    """Why an upload is refused; each sentence says what to do instead."""

    EMPTY = Reason("file_empty", "这个文件是空的，请重新选一个。", 422, "file")
    TOO_LARGE = Reason(
        "file_too_large", "文件太大了，最大 {most} MB。照片拍小一点，或分成几份。", 422, "file"
    )
    UNKNOWN = Reason(
        "file_kind_unknown",
        "只收照片（JPG、PNG、WebP）、PDF、Excel（xlsx）和 Word（docx）。是不是改过文件名？",
        422,
        "file",
    )
    NOT_WANTED = Reason("file_kind_not_wanted", "这里不收这种文件。", 422, "file")
    PICTURE_BAD = Reason(
        "picture_unreadable", "这张照片打不开，请重新拍一张或另存为 JPG。", 422, "file"
    )
    PICTURE_LARGE = Reason(
        "picture_too_many_pixels", "照片超过 2500 万像素，请缩小后再传。", 422, "file"
    )
    PDF_BAD = Reason("pdf_unreadable", "这个 PDF 打不开或不完整，请重新导出一份。", 422, "file")
    PDF_LOCKED = Reason("pdf_locked", "这个 PDF 加了密码，请去掉密码再传。", 422, "file")
    PDF_ACTIVE = Reason(
        "pdf_active",
        "这个 PDF 里带程序、表单或夹着别的文件，不能放上来。请用“打印成 PDF”另存一份。",
        422,
        "file",
    )
    OFFICE_BAD = Reason(
        "office_unreadable", "这个文件打不开或不完整，请用 Excel、Word 另存一份。", 422, "file"
    )
    OFFICE_ACTIVE = Reason(
        "office_active", "文件里带宏或夹着别的文件，不能放上来。请去掉后另存一份。", 422, "file"
    )
    BOMB = Reason("file_unpacks_too_large", "文件打开以后太大，请减少内容后再传。", 422, "file")
    TWO_KINDS = Reason(
        "file_of_two_kinds", "这个文件同时像两种文件，不能放上来。请另存一份。", 422, "file"
    )
    TOO_SLOW = Reason("file_too_costly", "这个文件处理不了，请缩小或另存一份再传。", 422, "file")


BY_CODE = {one.code: one for one in vars(Refusals).values() if isinstance(one, Reason)}
