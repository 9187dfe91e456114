"""Verbs of parties: the county's places, organisations, staff, rosters and residents."""

from puhui.parties.actions.divisions import (
    add_natural_village,
    add_natural_villages,
    add_unit,
    import_divisions,
    set_county,
    set_village_banks,
)
from puhui.parties.actions.imports import import_residents
from puhui.parties.actions.names import fill_name_tokens, find_residents
from puhui.parties.actions.organisations import (
    add_branch,
    create_administrator,
    create_organisation,
    create_staff,
    end_duty,
    give_duty,
)
from puhui.parties.actions.population import import_population
from puhui.parties.actions.residents import (
    change_phone,
    change_village,
    freeze_requests,
    register_resident,
    unfreeze_requests,
)
from puhui.parties.actions.rosters import set_roster

__all__ = [
    "add_branch",
    "add_natural_village",
    "add_natural_villages",
    "add_unit",
    "change_phone",
    "change_village",
    "create_administrator",
    "create_organisation",
    "create_staff",
    "end_duty",
    "fill_name_tokens",
    "find_residents",
    "freeze_requests",
    "give_duty",
    "import_divisions",
    "import_population",
    "import_residents",
    "register_resident",
    "set_county",
    "set_roster",
    "set_village_banks",
    "unfreeze_requests",
]
