"""Questions about parties: places and banks, staff and duties, residents."""

from puhui.parties.queries.places import (
    bank,
    banks,
    county,
    division,
    organisation,
    responsible_bank,
    townships,
    villages,
)
from puhui.parties.queries.residents import (
    applicant,
    applicant_by_id,
    applicant_by_ref,
    applicants,
    people_on_phone,
    residents_on_number,
)
from puhui.parties.queries.staff import (
    commissioner_of,
    duty_holders,
    officers_on_duty,
    staff_card,
)

__all__ = [
    "applicant",
    "applicant_by_id",
    "applicant_by_ref",
    "applicants",
    "bank",
    "banks",
    "commissioner_of",
    "county",
    "division",
    "duty_holders",
    "officers_on_duty",
    "organisation",
    "people_on_phone",
    "residents_on_number",
    "responsible_bank",
    "staff_card",
    "townships",
    "villages",
]
