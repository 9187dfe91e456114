"""Public numbers of the main job: what people read out on the phone instead of row numbers."""

from django.db import connection

DEMAND = "market_demand_ref"
ENGAGEMENT = "market_engagement_ref"
CALL = "market_call_ref"
SUPERVISION = "market_supervision_ref"
FOLLOW_UP = "market_follow_up_ref"
OBJECTION = "market_objection_ref"
RETURN_SHEET = "market_return_sheet_ref"
SEQUENCES = {DEMAND: 112_401, ENGAGEMENT: 500_001, CALL: 1, SUPERVISION: 1, FOLLOW_UP: 1}
"""Each with its first number; the second migration makes them."""
LATER_SEQUENCES = {OBJECTION: 1, RETURN_SHEET: 1}
"""Made by the migration that brought their tables."""
SURVEY = "market_survey_ref"
INTEGRITY = "market_integrity_ref"
SURVEY_SEQUENCES = {SURVEY: 1, INTEGRITY: 1}
ORDER = "market_order_ref"
RECHECK = "market_recheck_ref"
OFFICE_SEQUENCES = {ORDER: 1, RECHECK: 1}
HELP = "market_help_ref"
SLIP = "market_slip_ref"
HELP_SEQUENCES = {HELP: 1, SLIP: 100_001}
"""As above."""


def next_reference(sequence: str) -> str:
    """The next number of a kind; gaps are harmless."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(%s::regclass)", [sequence])
        return str(cursor.fetchone()[0])


def next_references(sequence: str, count: int) -> list[str]:
    """The next numbers of a kind, by one statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(%s::regclass) FROM generate_series(1, %s)", [sequence, count]
        )
        return [str(row[0]) for row in cursor.fetchall()]
