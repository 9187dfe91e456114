"""What a bank may read of a case's history: its own doings and the demand's, nobody else's."""

import pytest

from puhui.market import actions, queries
from tests import world

pytestmark = pytest.mark.django_db


def test_f1_a_bank_does_not_read_that_another_looked_at_the_contact() -> None:
    county = world.build(banks=2)
    ours, other = county.banks
    sent = world.publish(county, county.applicant)
    for bank in (ours, other):
        engagement = actions.claim(sent.ref, by=bank.officer).engagement_ref
        actions.view_contact(engagement, by=bank.officer)
    actions.add_note(sent.ref, "去看过一次", by=county.deputy)
    read = queries.timeline(ours.officer, sent.ref)
    told = {value for one in read for value in (one.organisation_ref, one.bank_ref)}
    assert told <= {"", ours.ref}
    assert not any(other.ref == str(one.facts.get("recipient")) for one in read)
    assert {"engagement.claim", "disclosed"} <= {one.action for one in read}
