"""Questions about parties: places and banks, staff and duties, residents."""

from puhui.parties.queries.names import Found, NamesFound, residents_named
from puhui.parties.queries.places import (
    bank,
    banks,
    county,
    county_office,
    division,
    organisation,
    organisations,
    responsible_bank,
    townships,
    villages,
)
from puhui.parties.queries.population import Coverage, CoverageTable, coverage
from puhui.parties.queries.residents import (
    applicant,
    applicant_by_id,
    applicant_by_ref,
    applicants,
    people_on_phone,
    person_by_last_four,
    residents_on_number,
)
from puhui.parties.queries.rosters import Turn, colleagues, roster
from puhui.parties.queries.staff import (
    case_owner,
    commissioner_of,
    duty,
    duty_holders,
    officers_on_duty,
    officers_on_duty_everywhere,
    staff_card,
)

__all__ = [
    "Coverage",
    "CoverageTable",
    "Found",
    "NamesFound",
    "Turn",
    "applicant",
    "applicant_by_id",
    "applicant_by_ref",
    "applicants",
    "bank",
    "banks",
    "case_owner",
    "colleagues",
    "commissioner_of",
    "county",
    "county_office",
    "coverage",
    "division",
    "duty",
    "duty_holders",
    "officers_on_duty",
    "officers_on_duty_everywhere",
    "organisation",
    "organisations",
    "people_on_phone",
    "person_by_last_four",
    "residents_named",
    "residents_on_number",
    "responsible_bank",
    "roster",
    "staff_card",
    "townships",
    "villages",
]
