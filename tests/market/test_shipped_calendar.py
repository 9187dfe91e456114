"""Every test starts with the working days that come with the program, whatever ran before it."""

import pytest

from puhui.kernel.command import database_now
from puhui.market.timing import timing


@pytest.mark.parametrize("turn", [1, 2])
@pytest.mark.django_db(transaction=True)
def test_l2_the_shipped_years_are_there_again_after_tables_were_emptied(turn: int) -> None:
    assert timing(database_now()).calendar.years == (2024, 2025, 2026)
