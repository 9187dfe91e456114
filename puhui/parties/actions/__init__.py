"""Verbs of parties: the county's places, organisations, staff, rosters and residents."""

from puhui.parties.actions.changing import (
    change_branch,
    change_organisation,
    change_staff,
    close_branch,
    close_division,
    close_organisation,
    end_service,
    rename_division,
    reopen_division,
    reopen_organisation,
)
from puhui.parties.actions.county_successions import check_succession, open_succession
from puhui.parties.actions.divisions import (
    add_natural_village,
    add_natural_villages,
    add_unit,
    import_divisions,
    set_county,
    set_village_banks,
)
from puhui.parties.actions.enterprises import (
    authorise_agent,
    change_enterprise,
    check_enterprise,
    confirm_agency,
    hold_standing,
    register_enterprise,
    revoke_agency,
)
from puhui.parties.actions.household_imports import import_households
from puhui.parties.actions.households import (
    add_from_phone,
    answer_asking,
    ask_to_join,
    found_household,
    hand_over_head,
    leave_household,
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
from puhui.parties.actions.register_imports import (
    import_branches,
    import_natural_villages,
    import_organisations,
    import_rosters,
    import_village_banks,
)
from puhui.parties.actions.residents import (
    change_phone,
    change_village,
    erase_resident,
    freeze_requests,
    register_resident,
)
from puhui.parties.actions.rosters import set_roster
from puhui.parties.actions.staff_import import import_staff
from puhui.parties.actions.successions import (
    accept_succession,
    drop_succession,
    erase_enterprise,
    hold_enterprise,
    name_successor,
)
from puhui.parties.actions.unfreezing import ask_unfreeze, confirm_unfreeze

__all__ = [
    "accept_succession",
    "add_branch",
    "add_from_phone",
    "add_natural_village",
    "add_natural_villages",
    "add_unit",
    "answer_asking",
    "ask_to_join",
    "ask_unfreeze",
    "authorise_agent",
    "change_branch",
    "change_enterprise",
    "change_organisation",
    "change_phone",
    "change_staff",
    "change_village",
    "check_enterprise",
    "check_succession",
    "close_branch",
    "close_division",
    "close_organisation",
    "confirm_agency",
    "confirm_unfreeze",
    "create_administrator",
    "create_organisation",
    "create_staff",
    "drop_succession",
    "end_duty",
    "end_service",
    "erase_enterprise",
    "erase_resident",
    "fill_name_tokens",
    "find_residents",
    "found_household",
    "freeze_requests",
    "give_duty",
    "hand_over_head",
    "hold_enterprise",
    "hold_standing",
    "import_branches",
    "import_divisions",
    "import_households",
    "import_natural_villages",
    "import_organisations",
    "import_population",
    "import_residents",
    "import_rosters",
    "import_staff",
    "import_village_banks",
    "leave_household",
    "name_successor",
    "open_succession",
    "register_enterprise",
    "register_resident",
    "rename_division",
    "reopen_division",
    "reopen_organisation",
    "revoke_agency",
    "set_county",
    "set_roster",
    "set_village_banks",
]
