"""Letting time pass for one demand: every instant of it moves back, the database's clock stays."""

from django.db import connection

COLUMNS = {
    "market_financingdemand": (
        "id",
        ("published_at", "clock_start_at", "first_claimed_at", "first_attempt_at", "created_at"),
    ),
    "market_engagement": ("demand_id", ("claimed_at", "clock_start_at", "first_attempt_at")),
    "market_clock": ("demand_id", ("started_at", "due_at")),
}
CALLS = """
UPDATE market_callattempt SET started_at = started_at - %s * interval '1 second'
WHERE engagement_id IN (SELECT e.id FROM market_engagement e
  JOIN market_financingdemand d ON d.id = e.demand_id WHERE d.ref = %s)
"""


def age(ref: str, seconds: float) -> None:
    """Make everything about the demand so many seconds older."""
    with connection.cursor() as cursor:
        for table, (key, columns) in COLUMNS.items():
            sets = ", ".join(f"{one} = {one} - %(by)s * interval '1 second'" for one in columns)
            running = " AND state = 'running'" if table == "market_clock" else ""
            cursor.execute(
                f"UPDATE {table} SET {sets} WHERE {key} ="
                f" (SELECT id FROM market_financingdemand WHERE ref = %(ref)s){running}",
                {"by": seconds, "ref": ref},
            )
        cursor.execute(CALLS, [seconds, ref])


def stop_the_clock() -> None:
    """The database's clock stands until the test is rolled back: a second is exact on a busy machine."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (now,) = cursor.fetchone()
        cursor.execute(
            "CREATE FUNCTION public.clock_timestamp() RETURNS timestamptz LANGUAGE sql STABLE"
            f" AS $$ SELECT '{now.isoformat()}'::timestamptz $$"
        )
        cursor.execute("SET LOCAL search_path = public, pg_catalog")
