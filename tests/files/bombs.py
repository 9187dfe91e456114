"""Real uploads and real attacks, made here: pictures, PDFs, spreadsheets, documents."""

from __future__ import annotations

import io
import zipfile
import zlib

import xlsxwriter
from docx import Document
from PIL import Image

GPS = {1: "N", 2: (36.0, 29.0, 0.0), 3: "E", 4: (115.0, 26.0, 0.0)}


def picture(
    kind: str = "JPEG", size: tuple[int, int] = (640, 480), *, place: bool = False
) -> bytes:
    """A picture; with `place` its data say where it was taken, by which camera, turned right."""
    file = io.BytesIO()
    exif = Image.Exif()
    if place:
        exif[0x010F], exif[0x0112] = "SomeCamera", 6
        exif.get_ifd(0x8825).update(GPS)
    Image.linear_gradient("L").resize(size).convert("RGB").save(file, kind, exif=exif)
    return file.getvalue()


def many_pixels() -> bytes:
    """81 megapixels in ten kilobytes."""
    file = io.BytesIO()
    Image.new("1", (9000, 9000)).save(file, "PNG")
    return file.getvalue()


def png_claiming(width: int, height: int) -> bytes:
    """A PNG whose head claims what its data do not hold."""
    file = io.BytesIO()
    Image.new("RGB", (1, 1)).save(file, "PNG")
    body = bytearray(file.getvalue())
    body[16:24] = width.to_bytes(4, "big") + height.to_bytes(4, "big")
    body[29:33] = zlib.crc32(bytes(body[12:29])).to_bytes(4, "big")
    return bytes(body)


def pdf(catalog: bytes = b"", *, tail: bytes = b"") -> bytes:
    head = b"%PDF-1.5\n1 0 obj\n<</Type/Catalog/Pages 2 0 R" + catalog + b">>\nendobj\n"
    pages = b"2 0 obj\n<</Type/Pages/Kids[]/Count 0>>\nendobj\n"
    return head + pages + tail + b"trailer\n<</Root 1 0 R>>\n%%EOF\n"


def packed_objects(inner: bytes, *, kind: bytes = b"/Type/ObjStm") -> bytes:
    """An object that lies packed in a stream."""
    body = zlib.compress(inner)
    head = b"5 0 obj\n<<" + kind + b"/N 1/First 4/Filter/FlateDecode/Length "
    return head + str(len(body)).encode() + b">>\nstream\n" + body + b"\nendstream\nendobj\n"


def workbook(rows: int = 3) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        book.set_properties({"author": "王秘书", "company": "某某公司"})
        page = book.add_worksheet()
        for number in range(rows):
            page.write_string(number, 0, f"第 {number} 行")
    return file.getvalue()


def document(*, with_picture: bool = False) -> bytes:
    file, paper = io.BytesIO(), Document()
    paper.add_paragraph("关于公示的通知")
    if with_picture:
        paper.add_picture(io.BytesIO(picture(place=True)))
    paper.save(file)
    return file.getvalue()


def repacked(body: bytes, **parts: bytes | None) -> bytes:
    """The archive with parts put in (names with `__` for `/` and `_` for `.` at the end) or out."""
    file = io.BytesIO()
    wanted = {name.replace("__", "/"): content for name, content in parts.items()}
    with (
        zipfile.ZipFile(io.BytesIO(body)) as old,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for one in old.infolist():
            if one.filename not in wanted:
                new.writestr(one.filename, old.read(one.filename))
        for name, content in wanted.items():
            if content is not None:
                new.writestr(name, content)
    return file.getvalue()


def sheet_of(cells: bytes) -> bytes:
    """A workbook whose only page holds these cells."""
    head = b'<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="http://schemas.openxmlformats.org/'
    head += b'spreadsheetml/2006/main"><sheetData>'
    page = head + cells + b"</sheetData></worksheet>"
    return repacked(workbook(), **{"xl__worksheets__sheet1.xml": page})
