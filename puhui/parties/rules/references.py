"""Public references: short, without meaning, never counted upwards."""

import secrets

LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
PLACES = 12


def resident_ref() -> str:
    """R and twelve places (60 bits)."""
    return "R" + "".join(secrets.choice(LETTERS) for _ in range(PLACES))
