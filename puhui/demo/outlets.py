"""Where the demo's banks stand and what they write of themselves (M021): invented, all of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from puhui.catalogue.directory import actions as directory
from puhui.catalogue.directory.terms import EntryForm
from puhui.demo import tables
from puhui.kernel.actor import SYSTEM
from puhui.parties import actions as parties
from puhui.parties.terms import DivisionCard

STREETS = ("府前街 18 号", "振兴路 6 号", "集市南口", "冠兴路 52 号", "供销社对过")
KINDS = ("支行", "分理处", "便民服务点")


def open_branches(bank: tables.DemoBank, townships: Sequence[DivisionCard]) -> None:
    """As many outlets as the bank has, over the townships; the first where the county sits."""
    for number, (place, name) in enumerate(_places(bank, townships)):
        parties.add_branch(
            bank.ref,
            name,
            place.code,
            address=f"{place.name}{STREETS[(number + bank.position) % len(STREETS)]}（演示地址）",
            phone=f"0000-11{(bank.position * 7 + number) % 100:02d}",
            opening_hours="8:30–17:00" if number else "8:30–17:30，周末 9:00–16:00",
            by=SYSTEM,
        )


def _places(
    bank: tables.DemoBank, townships: Sequence[DivisionCard]
) -> Iterator[tuple[DivisionCard, str]]:
    """Round by round over the townships; a bank with few outlets begins somewhere else each time."""
    towns = sorted(townships, key=lambda one: one.code)
    order = [towns[0], *(towns[1:][bank.position :] + towns[1:][: bank.position])]
    for number in range(bank.outlets):
        turn, place = divmod(number, len(order))
        yield order[place], f"{order[place].short_name}{KINDS[turn % len(KINDS)]}"


def write_directory() -> None:
    """Policies, phones, quick loans, answers and hours of all banks."""
    rows = [
        (
            row["bank_ref"],
            EntryForm(
                row["kind"], row["title"], row["words"], row["address"], int(row["position"])
            ),
        )
        for row in tables.rows("directory.csv")
    ]
    directory.put_entries(rows, by=SYSTEM)
