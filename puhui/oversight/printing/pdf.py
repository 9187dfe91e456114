"""The bulletin as PDF by typst, with fonts of our own: the same on every machine."""

from __future__ import annotations

import json
from dataclasses import asdict
from functools import cache
from pathlib import Path

import segno
import typst

from puhui.oversight.printing.layout import BANK_HEAD, TOWNSHIP_HEAD, Paper

HERE = Path(__file__).parent
FONTS = HERE.parent / "fonts"


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, font_paths=[FONTS])


def pdf(page: Paper, address: str) -> bytes:
    """One page and its annex; `address` verifies it and stands in the QR code."""
    matrix = segno.make(address, error="m", micro=False).matrix
    content = {
        **asdict(page),
        "bank_head": BANK_HEAD,
        "township_head": TOWNSHIP_HEAD,
        "qr": ["".join("1" if dark else "0" for dark in row) for row in matrix],
        "address": address,
    }
    body = typst.compile(
        (HERE / "bulletin.typ").read_bytes(),
        format="pdf",
        font_paths=_fonts(),
        sys_inputs={"content": json.dumps(content, ensure_ascii=False)},
    )
    assert isinstance(body, bytes)
    return body
