"""Fills the register up to a million and looks people up by name; run within an installation.

Prints what it saw as JSON. The people come in through the bulk action, like a county's.
"""

from __future__ import annotations

import json
import os
import random
import sys
import time
from itertools import islice

WANTED, BATCH, SEARCHES = 1_000_000, 30_000, 400


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "puhui.config.settings")
    from puhui.program import database

    with database.for_command():
        import django

        django.setup()
        print(json.dumps(_measure()))


def _measure() -> dict[str, object]:
    from puhui.kernel.actor import SYSTEM
    from puhui.parties import queries
    from puhui.parties.models import Resident

    begun, added = time.monotonic(), _fill_up()
    filled = time.monotonic() - begun
    rng, times = random.Random(11), []
    townships = [one.code for one in queries.townships(SYSTEM)]
    for turn, typed in enumerate(_typed(rng)):
        place = rng.choice(townships) if turn % 3 == 0 else ""
        start = time.perf_counter()
        found = queries.residents_named(SYSTEM, typed, township=place)
        times.append(1000 * (time.perf_counter() - start))
        assert found.people or place or turn % 10 == 9
    times.sort()
    return {
        "residents": Resident.objects.count(),
        "added": added,
        "seconds to add": round(filled, 1),
        "p50 ms": round(times[len(times) // 2], 2),
        "p95 ms": round(times[len(times) * 95 // 100], 2),
        "slowest ms": round(times[-1], 2),
    }


def _fill_up() -> int:
    """Register more people: those who would follow in the demo's own register."""
    from django.db import connection

    from puhui.demo.crowd import Crowd
    from puhui.kernel.actor import SYSTEM
    from puhui.kernel.clock import local_date
    from puhui.kernel.command import database_now
    from puhui.parties import actions, queries
    from puhui.parties.models import Resident
    from puhui.parties.terms import Registration

    known = Resident.objects.count()
    missing = WANTED - known
    villages = [v.code for t in queries.townships(SYSTEM) for v in queries.villages(SYSTEM, t.code)]
    crowd = Crowd(local_date(database_now()).year, WANTED, 0, 0, 0, villages)
    batch: list[Registration] = []
    for number, one in enumerate(islice(crowd.registered(WANTED), known, None)):
        phone = f"1021{number:07d}"
        batch.append(Registration(one.name, one.identity_number, phone, one.village_code))
        if len(batch) == BATCH or number == missing - 1:
            report = actions.import_residents(batch, by=SYSTEM)
            assert report.is_done, report.errors[:3]
            batch = []
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE parties_resident")
    return max(missing, 0)


def _typed(rng: random.Random) -> list[str]:
    """What is looked for: whole names, parts of names, initials; each tenth is nobody's."""
    from puhui.demo.people import GIVEN, SURNAMES
    from puhui.parties.rules.name_tokens import initials

    found = []
    for turn in range(SEARCHES):
        name = rng.choice(SURNAMES) + rng.choice(GIVEN) + rng.choice(GIVEN)
        shape = turn % 10
        found.append(
            "令狐无人" if shape == 9 else initials(name) if shape in (2, 5) else name[1:] if shape == 7 else name
        )  # fmt: skip
    return found


if __name__ == "__main__":
    main()
    sys.exit(0)
