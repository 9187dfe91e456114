"""More rows of a kind that the real actions have made once: load, not behaviour."""

from __future__ import annotations

from tests.figures.site import Site

FIRST = 100_000_000_001
"""The reference of the first copied demand; its identifier ends in it."""

COPY_DEMANDS = """
INSERT INTO market_financingdemand
SELECT (jsonb_populate_record(d, jsonb_build_object(
  'id', '01970000-0000-7000-9000-' || (%s + n), 'ref', (%s + n)::text))).*
FROM market_financingdemand d, generate_series(0, %s - 1) n WHERE d.ref = %s
"""
COPY_CLOCKS = """
INSERT INTO market_clock (id, kind, demand_id, started_at, due_at, state)
SELECT gen_random_uuid(), k.kind, d.id, clock_timestamp(), clock_timestamp() + interval '1 day', 'running'
FROM market_financingdemand d, unnest(%s::text[]) AS k(kind) WHERE length(d.ref) = 12
"""
COPY_RESIDENTS = """
INSERT INTO parties_resident
SELECT (jsonb_populate_record(r, jsonb_build_object(
  'id', '01970000-0000-7000-a000-' || (%s + n), 'ref', 'L' || n,
  'identity_index', '\\x' || md5('i' || n), 'phone_index', '\\x' || md5('p' || n)))).*
FROM parties_resident r, generate_series(1, %s) n WHERE r.ref = %s
"""


def copy_demands(site: Site, count: int) -> list[str]:
    """So many open demands like the county's first one, with the clock that a claim stops."""
    first = site.county.demands[0].ref
    assert site.change(COPY_DEMANDS, FIRST, FIRST, count, first) == count
    start_clocks(site, ["unclaimed"])
    return [str(FIRST + number) for number in range(count)]


def start_clocks(site: Site, kinds: list[str]) -> int:
    """One running clock of each kind for each copied demand, due tomorrow."""
    started = site.change(COPY_CLOCKS, kinds)
    site.change("ANALYZE")
    return started


def copy_residents(site: Site, wanted: int) -> None:
    """So many residents in all; the copies are there to be stepped over, nobody opens them."""
    ((have, first),) = site.ask("SELECT count(*), min(ref) FROM parties_resident")
    site.change(COPY_RESIDENTS, FIRST, wanted - have, first)
    site.change("VACUUM ANALYZE parties_resident")
