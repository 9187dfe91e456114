"""Figure M1: bombs, polyglots, wrong types and places: refused or cleaned, within 300 MB and 2 s."""

from __future__ import annotations

import io
import resource
import subprocess
import zipfile

import pytest
from PIL import Image

from puhui.files import actions, queries
from puhui.files.examining import ROOM, START, examined
from puhui.files.models import StoredFile
from puhui.files.terms import LARGEST, CleanFile, Kind
from puhui.kernel.actor import ANYONE, SYSTEM, NotAllowed
from puhui.kernel.command import Refused
from tests import world
from tests.files import bombs

MEMORY_MB, PROCESSOR_SECONDS = 300, 2.5
"""A little over two seconds: the kernel counts in ticks and ends the child after the last one."""


JS = b"7 0 <</S/JavaScript/JS(1)>>"


def _clean(body: bytes) -> CleanFile:
    found = examined(body)
    assert isinstance(found, CleanFile), found
    return found


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_m1_a_picture_keeps_its_pixels_and_nothing_else(kind: str) -> None:
    body = bombs.picture(kind, (640, 480), place=True)
    assert b"SomeCamera" in body
    found = _clean(body)
    with Image.open(io.BytesIO(found.body)) as clean:
        assert clean.format == "JPEG"
        assert clean.size == (480, 640), "turned upright as its data said"
        assert not clean.getexif()
    assert b"SomeCamera" not in found.body


def test_m1_a_large_picture_is_made_smaller() -> None:
    with Image.open(io.BytesIO(_clean(bombs.picture("JPEG", (4000, 3000))).body)) as clean:
        assert max(clean.size) == 1920


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"MZ\x90\x00", "file_kind_unknown"),
        (b"<html><script>alert(1)</script>", "file_kind_unknown"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "file_kind_unknown"),
        (b"GIF89a" + bytes(50), "file_kind_unknown"),
        (b"\xff\xd8\xff" + bytes(500), "picture_unreadable"),
        (b"%PDF-1.4 not much more", "pdf_unreadable"),
        (b"PK\x03\x04" + bytes(100), "office_unreadable"),
    ],
    ids=["program", "page", "svg", "gif", "no picture", "no pdf", "no archive"],
)
def test_m1_a_file_is_what_it_holds_whatever_it_is_called(body: bytes, code: str) -> None:
    assert examined(body) == code


def test_m1_pictures_of_too_many_pixels_are_refused_before_they_are_decoded() -> None:
    assert examined(bombs.many_pixels()) == "picture_too_many_pixels"
    assert examined(bombs.png_claiming(60_000, 60_000)) == "picture_too_many_pixels"
    assert examined(bombs.png_claiming(4000, 4000)) == "picture_unreadable"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (bombs.pdf(b"/OpenAction<</S/JavaScript/JS(app.alert(1))>>"), "pdf_active"),
        (bombs.pdf(b"/OpenAction<</S/J#61va#53cript/JS(1)>>"), "pdf_active"),
        (bombs.pdf(b"/OpenAction<</S/Launch/F(cmd.exe)>>"), "pdf_active"),
        (bombs.pdf(b"/Names<</EmbeddedFiles 9 0 R>>"), "pdf_active"),
        (bombs.pdf(b"/AcroForm<</Fields[]>>"), "pdf_active"),
        (bombs.pdf(tail=bombs.packed_objects(b"7 0 <</S/JavaScript/JS(1)>>")), "pdf_active"),
        (
            bombs.pdf(tail=bombs.packed_objects(b"7 0 <</S/JavaScript>>", kind=b"/Type 8 0 R")),
            "pdf_active",
        ),
        (
            bombs.pdf(tail=bombs.packed_objects(JS, kind=b"/X(\\) >> endobj 1 0 obj)/Type/ObjStm")),
            "pdf_active",
        ),
        (bombs.pdf(tail=bombs.packed_objects(JS, kind=b"% >> stream\n/Y<</Z 1>>")), "pdf_active"),
        (bombs.pdf(tail=bombs.packed_objects(bytes(30 * 2**20))), "file_unpacks_too_large"),
        (bombs.pdf(b"/Encrypt 9 0 R"), "pdf_locked"),
        (bombs.pdf() + b"PK\x05\x06" + bytes(18), "pdf_unreadable"),
        (bombs.pdf(tail=b"% PK\x05\x06" + bytes(18) + b"\n"), "file_of_two_kinds"),
        (bombs.pdf(b"/X(<script>alert(1)</script>)"), "file_of_two_kinds"),
    ],
    ids=[
        "script",
        "script by another spelling",
        "program",
        "file inside",
        "form",
        "script packed away",
        "script packed away under no name",
        "script packed away behind a string",
        "script packed away behind a comment",
        "bomb",
        "locked",
        "archive behind",
        "archive within",
        "page within",
    ],
)
def test_m1_a_pdf_that_acts_or_hides_something_is_refused(body: bytes, code: str) -> None:
    assert examined(body) == code


def test_m1_a_plain_pdf_is_kept_as_it_is() -> None:
    body = bombs.pdf(tail=bombs.packed_objects(b"7 0 <</Type/Page>>"))
    assert _clean(body).body == body


def _parts(found: CleanFile) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(found.body)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_m1_spreadsheets_and_documents_are_rebuilt_without_their_writers_names() -> None:
    sheet = _clean(bombs.workbook())
    assert sheet.kind is Kind.XLSX
    assert "王秘书".encode() not in b"".join(_parts(sheet).values())
    paper = _clean(bombs.document(with_picture=True))
    assert paper.kind is Kind.DOCX
    held = _parts(paper)
    pictures = [body for name, body in held.items() if name.startswith("word/media/")]
    assert pictures and all(b"SomeCamera" not in body for body in pictures)
    assert "关于公示的通知".encode() in held["word/document.xml"]


def test_m1_what_stands_before_or_behind_an_archive_is_dropped() -> None:
    body = bombs.workbook() + b"<script>alert(1)</script>"
    assert b"<script>" not in _clean(body).body


RELS = b'<Relationships><Relationship Id="a" Type="x/oleObject" Target="http://e/" TargetMode="External"/>'
TEMPLATE = (
    b'<Relationships><Relationship Id="a" Type="x/attachedTemplate"'
    b' Target="http://e/hyperlink" TargetMode="External"/>'
)
FAR = (
    b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (bombs.repacked(bombs.workbook(), xl__vbaProject_bin=b"x"), "office_active"),
        (bombs.repacked(bombs.document(), **{"word__embeddings__o.bin": b"x"}), "office_active"),
        (bombs.repacked(bombs.document(), **{"word__e.exe": b"MZ"}), "office_active"),
        (
            bombs.repacked(bombs.document(), **{"word__media__i.emf": b"PK\x03\x04"}),
            "office_active",
        ),
        (bombs.repacked(bombs.document(), **{"word___rels__x.rels": RELS}), "office_active"),
        (bombs.repacked(bombs.document(), **{"word___rels__x.rels": TEMPLATE}), "office_active"),
        (
            bombs.repacked(bombs.workbook(), **{"xl__a.xml": b"<!DOCTYPE a [<!ENTITY b 'c'>]>"}),
            "office_active",
        ),
        (
            bombs.repacked(bombs.workbook(), **{"xl__a.xml": bytes(39 * 2**20)}),
            "file_unpacks_too_large",
        ),
        (
            bombs.repacked(bombs.workbook(), **{f"xl__a{n}.xml": b"1" for n in range(600)}),
            "file_unpacks_too_large",
        ),
        (bombs.sheet_of(FAR), "file_unpacks_too_large"),
        (bombs.repacked(bombs.workbook(), **{"..__..__etc__passwd": b"x"}), "office_unreadable"),
        (bombs.repacked(bombs.workbook(), **{"[Content_Types].xml": b"<a/>"}), "file_kind_unknown"),
    ],
    ids=[
        "macro",
        "guest",
        "program",
        "archive as a drawing",
        "fetches from outside",
        "fetches a template, dressed as a link",
        "entities",
        "bomb of bytes",
        "bomb of parts",
        "bomb of cells",
        "way out",
        "another archive",
    ],
)
def test_m1_an_archive_that_acts_or_bursts_is_refused(body: bytes, code: str) -> None:
    assert examined(body) == code


def _measured(body: bytes) -> tuple[float, float]:
    """Memory in MB and processor seconds of the child that looks at `body`, alone."""
    measure = (
        "import resource, subprocess, sys;"
        "subprocess.run(sys.argv[1:], stdin=sys.stdin.buffer, stdout=subprocess.DEVNULL);"
        "u = resource.getrusage(resource.RUSAGE_CHILDREN);"
        "print(u.ru_maxrss / 1024, u.ru_utime + u.ru_stime)"
    )
    import sys

    child = [sys.executable, "-I", "-B", "-c", START, str(ROOM)]
    done = subprocess.run(
        [sys.executable, "-c", measure, *child], input=body, capture_output=True, check=True
    )
    memory, seconds = done.stdout.split()
    return float(memory), float(seconds)


def test_m1_no_upload_costs_more_than_300_mb_and_two_seconds() -> None:
    heavy = {
        "24 megapixels": bombs.picture("PNG", (6000, 4000)),
        "25 megapixels of one colour": _flat((5000, 5000)),
        "bomb of bytes": bombs.repacked(bombs.workbook(), **{"xl__a.xml": bytes(39 * 2**20)}),
        "bomb of streams": bombs.pdf(tail=bombs.packed_objects(bytes(200 * 2**20))),
        "large sheet": bombs.workbook(60_000),
    }
    for name, body in heavy.items():
        memory, seconds = _measured(body)
        assert memory <= MEMORY_MB, (name, memory)
        assert seconds <= PROCESSOR_SECONDS, (name, seconds)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss > 0


def _flat(size: tuple[int, int]) -> bytes:
    file = io.BytesIO()
    Image.new("RGBA", size, (10, 20, 30, 40)).save(file, "PNG")
    return file.getvalue()


@pytest.mark.django_db
def test_m1_size_and_wanted_kinds_are_asked_before_anything_is_kept() -> None:
    county = world.build(banks=1)
    for body, kinds, code in (
        (b"", frozenset(Kind), "file_empty"),
        (bytes(LARGEST + 1), frozenset(Kind), "file_too_large"),
        (bombs.pdf(), {Kind.PICTURE}, "file_kind_not_wanted"),
    ):
        with pytest.raises(Refused) as told:
            queries.cleaned(county.admin, body, kinds=kinds)
        assert told.value.reason.code == code
    with pytest.raises(NotAllowed):
        queries.cleaned(ANYONE, bombs.pdf())
    assert not StoredFile.objects.exists()


@pytest.mark.django_db
def test_the_same_file_is_kept_once_and_comes_back_as_it_was() -> None:
    county = world.build(banks=1)
    clean = queries.cleaned(county.admin, bombs.picture(place=True))
    digests = {actions.keep(clean, by=county.admin) for _ in range(2)}
    assert len(digests) == 1 == StoredFile.objects.count()
    assert queries.kept(SYSTEM, digests.pop()) == clean
