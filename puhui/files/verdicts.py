"""How the child says no."""

from __future__ import annotations


class Unwanted(Exception):
    """The upload is refused; `code` is that of a reason in `terms.Refusals`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def has_hidden_archive(body: bytes) -> bool:
    """Whether an unpacker would open this as an archive too: its directory stands at the end."""
    return b"PK\x05\x06" in body[-(2**16 + 22) :]
