"""Pictures: decoded, turned upright, made smaller, drawn anew. Nothing but pixels is left."""

from __future__ import annotations

import io
import warnings

from PIL import Image, ImageOps

from puhui.files.verdicts import Unwanted, has_hidden_archive

FORMATS = ("JPEG", "PNG", "WEBP")
LARGEST_PIXELS = 25_000_000
LONGEST_SIDE = 1920
QUALITY = 82


def redrawn(body: bytes) -> bytes:
    """The picture as a JPEG of at most 1920 pixels a side, without place, camera or any other data."""
    if has_hidden_archive(body) or b"%PDF-" in body[:1024]:
        raise Unwanted("file_of_two_kinds")
    Image.MAX_IMAGE_PIXELS = None  # our own limit comes before anything is decoded
    warnings.simplefilter("error")
    try:
        with Image.open(io.BytesIO(body), formats=FORMATS) as picture:
            if picture.width * picture.height > LARGEST_PIXELS:
                raise Unwanted("picture_too_many_pixels")
            return _drawn(picture)
    except Unwanted:
        raise
    except MemoryError:
        raise
    except Exception as error:
        raise Unwanted("picture_unreadable") from error


def _drawn(picture: Image.Image) -> bytes:
    picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
    turned = picture.getexif().get(0x0112, 1)
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    if turned != 1:
        ImageOps.exif_transpose(picture, in_place=True)
    plain = Image.new("RGB", picture.size, "white")
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        seen = picture.convert("RGBA")
        plain.paste(seen, mask=seen.getchannel("A"))
    else:
        plain.paste(picture.convert("RGB"))
    out = io.BytesIO()
    plain.save(out, "JPEG", quality=QUALITY, optimize=True, progressive=False)
    return out.getvalue()
