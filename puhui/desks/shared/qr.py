"""QR codes as drawings of our own addresses: no inline style, sharp at any size."""

from __future__ import annotations

from dataclasses import dataclass

import segno
from django.conf import settings

QUIET = 3


@dataclass(frozen=True, slots=True)
class Qr:
    """A code to draw: one path on a square of `side` modules, the quiet zone included."""

    path: str
    side: int
    address: str


def qr(address: str) -> Qr:
    """The code of an address, with enough redundancy for a screen or paper."""
    matrix = segno.make(address, error="m", micro=False).matrix
    path = "".join(
        f"M{x + QUIET} {y + QUIET}h1v1h-1z"
        for y, row in enumerate(matrix)
        for x, dark in enumerate(row)
        if dark
    )
    return Qr(path, len(matrix) + 2 * QUIET, address)


def public_address(path: str, here: str) -> str:
    """The address that somebody else's phone reaches: the county's host, or the demo's in its
    local network; `here` is the host that the asking page used."""
    if settings.PUHUI_HOSTS:
        return f"https://{settings.PUHUI_HOSTS[0]}{path}"
    if settings.PUHUI_LAN:
        return f"http://{settings.PUHUI_LAN}:{settings.PUHUI_BIND[1]}{path}"
    return f"http://{here}{path}"
