"""Files out: never run, never framed, never taken for a page, whatever they hold (figure M1, N1)."""

from __future__ import annotations

from urllib.parse import quote

from django.http import HttpResponse

from puhui.files.terms import ENDINGS, MEDIA, CleanFile, Kind

SANDBOX = "default-src 'none'; sandbox"


def attached(name: str, file: CleanFile) -> HttpResponse:
    """An upload. A picture may be shown by our own pages; everything else is saved."""
    ending = ENDINGS[file.kind]
    whole = name if name.lower().endswith(ending) else f"{name}{ending}"
    place = "inline" if file.kind is Kind.PICTURE else "attachment"
    response = _safe(HttpResponse(file.body, content_type=file.media), whole, place)
    response["ETag"] = f'"{file.digest}"'
    return response


def downloaded(name: str, body: bytes, media: str = MEDIA[Kind.XLSX]) -> HttpResponse:
    """A file that we wrote ourselves, to be saved."""
    return _safe(HttpResponse(body, content_type=media), name, "attachment")


def _safe(response: HttpResponse, name: str, place: str) -> HttpResponse:
    response["Content-Disposition"] = f"{place}; filename*=UTF-8''{quote(name)}"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = SANDBOX
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, no-store"
    return response
