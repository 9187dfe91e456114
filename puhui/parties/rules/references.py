"""Public references: short, without meaning, never counted upwards."""

import secrets

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
PLACES = 12


def resident_ref() -> str:
    """R and twelve places (60 bits)."""
    return "R" + _drawn()


def enterprise_ref() -> str:
    """E and twelve places (60 bits)."""
    return "E" + _drawn()


def agency_ref() -> str:
    """G and twelve places (60 bits)."""
    return "G" + _drawn()


def succession_ref() -> str:
    """S and twelve places (60 bits)."""
    return "S" + _drawn()


def _drawn() -> str:
    drawn = secrets.randbits(5 * PLACES)
    return "".join(LETTERS[drawn >> 5 * place & 31] for place in range(PLACES))
