"""Public references: short, without meaning, never counted upwards."""

import secrets

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
PLACES = 12


def resident_ref() -> str:
    """R and twelve places (60 bits)."""
    drawn = secrets.randbits(5 * PLACES)
    return "R" + "".join(LETTERS[drawn >> 5 * place & 31] for place in range(PLACES))
