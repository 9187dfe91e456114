"""The county's register of enterprises: found by name or code, exported, compared with the licence."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from puhui.kernel.actor import NotAllowed
from puhui.parties import actions, queries
from tests import world
from tests.market import firms

pytestmark = pytest.mark.django_db


def test_m018_the_register_finds_by_name_and_code_with_the_same_statements_however_many() -> None:
    county = world.build()
    counts = []
    for turn in range(3):
        firm = firms.firm(name=f"河湾第{turn + 1}合作社")
        with CaptureQueriesContext(connection) as asked:
            page = queries.enterprise_register(county.admin)
        counts.append(len(asked))
        assert page.total == turn + 1
    assert len(set(counts)) == 1
    card = queries.my_enterprise(firm.head, firm.ref)
    for words in ("第3", card.credit_code[:12].lower()):
        found = queries.enterprise_register(county.admin, words=words)
        assert firm.ref in [one.ref for one in found.rows]
    assert queries.enterprise_register(county.admin, words="没有").rows == ()
    pages = queries.enterprise_register(county.supervisor, limit=2)
    rest = queries.enterprise_register(county.supervisor, limit=2, after=pages.following)
    assert [len(pages.rows), len(rest.rows), rest.following] == [2, 1, ""]
    actions.check_enterprise(firm.ref, by=county.admin)
    assert queries.my_enterprise(firm.head, firm.ref).checked_at is not None


def test_f1_nobody_but_the_county_reads_the_register() -> None:
    county = world.build()
    for actor in (county.deputy, county.bank.head, county.applicant):
        with pytest.raises(NotAllowed):
            queries.enterprise_register(actor)
