"""What was brought back is held until it is armed, and proved: tables, journal, keys."""

from __future__ import annotations

import tempfile
from datetime import datetime
from pathlib import Path

from puhui.program.backup.archive import BackupRefused, Copy, said


def prove(copy: Copy, to: datetime | None) -> str:
    """Migrate, hold all sending, then prove; what came back, in a sentence.

    Proved are: the journal's whole chain, that it contains the head known when the copy was taken,
    and that the keys open what is encrypted. Raises BackupRefused otherwise.
    """
    import django

    from puhui.program import installation

    installation.migrate_as_owner()
    django.setup()
    _hold()
    entries = _prove_journal(copy)
    cells = _prove_keys()
    moment = said(to) if to else "the end of its log"
    return (
        f"brought back as of {moment}; journal whole ({entries} entries), keys fit ({cells} fields). "
        "It sends nothing until `puhui arm`"
    )


def _hold() -> None:
    from puhui.kernel.actor import SYSTEM
    from puhui.notices import actions

    actions.hold_sending("restored", by=SYSTEM)


def _prove_journal(copy: Copy) -> int:
    """The chain as the stand-alone verifier sees it, against the head kept with the copy."""
    from puhui.kernel import journal
    from puhui.kernel.crypto import ring
    from puhui.program import verify_journal

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "journal.jsonl"
        head = journal.export(file)
        if head is None:
            if copy.head:
                raise BackupRefused("the journal is empty, and was not when the copy was taken")
            return 0
        held = copy.head or head.as_dict()
        try:
            with file.open("rb") as stream:
                verify_journal.verify(stream, ring().journal.public_key(), held)
        except verify_journal.Wrong as wrong:
            raise BackupRefused(f"the journal that came back is not whole: {wrong}") from None
        return head.count


def _prove_keys() -> int:
    """Open one stored value of every encrypted field; how many were there to open."""
    from django.apps import apps
    from django.db import connection

    from puhui.kernel.crypto import Undecipherable, decrypt_cell
    from puhui.kernel.crypto.rotation import sealed_fields

    opened = 0
    for model in apps.get_models():
        for field in sealed_fields(model):
            table, column, key = (
                connection.ops.quote_name(name or "")
                for name in (model._meta.db_table, field.column, model._meta.pk.column)
            )
            with connection.cursor() as cursor:
                one = f"SELECT {key}, {column} FROM {table} WHERE {column} IS NOT NULL LIMIT 1"  # noqa: S608 - names of our own tables
                cursor.execute(one)
                row = cursor.fetchone()
            if row is None:
                continue
            try:
                decrypt_cell(model, field.attname, row[0], row[1])
            except Undecipherable:
                raise BackupRefused(
                    f"the keys in PUHUI_KEYS do not open {model._meta.label}.{field.attname}: they are another installation's"
                ) from None
            opened += 1
    return opened
