"""Pictures of a visit: cleaned, sealed, for the bank of the case and the applicant alone (M1, F1)."""

from __future__ import annotations

import base64
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from PIL import Image

from puhui.files import queries as files
from puhui.files.terms import CleanFile, Kind
from puhui.kernel.actor import SYSTEM, NotAllowed, Role
from puhui.kernel.command import NOT_FOUND, Refused
from puhui.market import actions, queries
from puhui.market.models import VisitPhoto
from puhui.market.terms import Refusals
from tests import world
from tests.desks import watched
from tests.desks.resident import story
from tests.files import bombs
from tests.rest import stages
from tests.rest.partner import by_key, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def county() -> world.World:
    return world.build(banks=2)


def clean(size: tuple[int, int] = (64, 48)) -> CleanFile:
    return files.cleaned(SYSTEM, bombs.picture("JPEG", size, place=True))


def upload(body: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("photo.jpg", body, "image/jpeg")


def sent(client: Client, case: str, body: bytes) -> int:
    answer = client.post(f"/bank/engagements/{case}/photos", {"file": upload(body)})
    return answer.status_code


def test_m1_a_photo_by_page_has_no_place_and_the_applicant_sees_it(county: world.World) -> None:
    case = stages.visiting(county)
    bank = watched.browser(county.bank.officer)
    assert sent(bank, case, bombs.picture("JPEG", (640, 480), place=True)) == 302
    (photo,) = queries.visit_photos(county.applicant, case)
    shown = watched.read(bank.get(f"/bank/engagements/{case}/"))
    assert "上门照片1" in shown and "留一张" in shown
    assert queries.engagement(county.bank.officer, case).engagement.arrived_at
    demand = queries.engagement(county.bank.officer, case).engagement.demand_ref
    mine = story.browser(county.applicant)
    assert f"/my/{demand}/photos/{case}" in mine.get(f"/my/{demand}/").content.decode()
    page = mine.get(f"/my/{demand}/photos/{case}").content.decode()
    assert str(photo.id) in page
    for client, address in (
        (bank, f"/bank/engagements/{case}/photos/{photo.id}"),
        (mine, f"/my/{demand}/photos/{case}/{photo.id}"),
    ):
        answer = client.get(address)
        assert answer["Content-Type"] == "image/jpeg" and "no-store" in answer["Cache-Control"]
        assert b"SomeCamera" not in answer.content
        with Image.open(io.BytesIO(answer.content)) as picture:
            assert picture.size == (480, 640) and not picture.getexif()


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "file_empty"),
        (b"<html><script>alert(1)</script>", "file_kind_unknown"),
        (b"\xff\xd8\xff" + bytes(500), "picture_unreadable"),
        (bombs.many_pixels(), "picture_too_many_pixels"),
        (bombs.pdf(), "file_kind_not_wanted"),
        (bombs.workbook(), "file_kind_not_wanted"),
    ],
    ids=["empty", "page", "no picture", "bomb", "pdf", "workbook"],
)
def test_m1_what_is_no_picture_is_refused_by_page_and_by_rest(
    county: world.World, body: bytes, code: str
) -> None:
    case = stages.visiting(county)
    assert sent(watched.browser(county.bank.officer), case, body) == 422
    system = by_key(county.bank.officer)
    answer = system.client.post(
        f"/api/v1/bank/engagements/{case}/photos",
        {"file": upload(body)},
        headers={**system.headers, "Idempotency-Key": "one"},
    )
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert not VisitPhoto.objects.exists()


def test_m1_over_rest_it_comes_back_as_it_was_cleaned(county: world.World) -> None:
    case = stages.visiting(county)
    system = by_key(county.bank.officer)
    added = system.client.post(
        f"/api/v1/bank/engagements/{case}/photos",
        {"file": upload(bombs.picture("JPEG", (64, 48), place=True))},
        headers={**system.headers, "Idempotency-Key": "one"},
    )
    assert added.status_code == 201, added.content
    ref = added.json()["ref"]
    (listed,) = system.get(f"/bank/engagements/{case}?contact=false").json()["photos"]
    assert (listed["ref"], listed["officer"]) == (ref, county.bank.officer.ref)
    theirs = system.get(f"/bank/photos/{ref}").json()
    mine = signed_in(county.applicant)
    assert mine.get(f"/my/engagements/{case}/photos").json()["items"][0]["ref"] == ref
    assert mine.get(f"/my/photos/{ref}").json() == theirs
    body = base64.b64decode(theirs["content"])
    assert body.startswith(b"\xff\xd8\xff") and b"SomeCamera" not in body
    assert system.send("DELETE", f"/bank/photos/{ref}").status_code == 200
    assert system.get(f"/bank/photos/{ref}").status_code == 404


def test_f1_nobody_else_sees_a_photo(county: world.World) -> None:
    case, bank = stages.visiting(county), county.bank
    photo = actions.add_visit_photo(case, clean(), by=bank.officer)
    assert queries.visit_photo(bank.head, photo).kind is Kind.PICTURE, "on duty"
    idle = world.staff(bank.ref, "吴休班", Role.LOAN_OFFICER)
    for nobody in (idle, county.banks[1].officer, world.resident()):
        assert queries.visit_photos(nobody, case) == []
        with pytest.raises(Refused) as refused:
            queries.visit_photo(nobody, photo)
        assert refused.value.reason == NOT_FOUND
    for watcher in (county.deputy, county.supervisor, county.admin):
        with pytest.raises(NotAllowed):
            queries.visit_photo(watcher, photo)
    for other in (county.banks[1].officer,):
        with pytest.raises(Refused) as refused:
            actions.drop_visit_photo(photo, by=other)
        assert refused.value.reason == NOT_FOUND
    with pytest.raises(Refused) as refused:
        actions.add_visit_photo(case, clean(), by=idle)
    assert refused.value.reason == Refusals.CONTACT_NOT_YOURS


def test_g1_after_the_end_the_bank_has_none_and_the_applicant_still_has(
    county: world.World,
) -> None:
    case, officer = stages.visiting(county), county.bank.officer
    photo = actions.add_visit_photo(case, clean(), by=officer)
    demand = queries.engagement(officer, case).engagement.demand_ref
    actions.withdraw(demand, by=county.applicant)
    assert queries.visit_photos(officer, case) == []
    with pytest.raises(Refused):
        queries.visit_photo(officer, photo)
    assert queries.visit_photo(county.applicant, photo).body
    actions.close_account(by=county.applicant)
    assert VisitPhoto.objects.get().picture is None, "erased with every other word of the person"


def test_six_the_same_one_once_and_only_during_the_visit(county: world.World) -> None:
    officer = county.bank.officer
    early = stages.kept(county)
    with pytest.raises(Refused) as refused:
        actions.add_visit_photo(early, clean(), by=officer)
    assert refused.value.reason == Refusals.STATE
    case = stages.visiting(county)
    first = actions.add_visit_photo(case, clean(), by=officer)
    assert actions.add_visit_photo(case, clean(), by=officer) == first
    for width in range(8, 13):
        actions.add_visit_photo(case, clean((width, 8)), by=officer)
    with pytest.raises(Refused) as refused:
        actions.add_visit_photo(case, clean((20, 8)), by=officer)
    assert refused.value.reason == Refusals.PHOTOS_MANY
    actions.drop_visit_photo(first, by=officer)
    assert len(queries.visit_photos(officer, case)) == 5


def test_i1_a_photo_lies_sealed_in_the_database(county: world.World) -> None:
    case = stages.visiting(county)
    photo = clean()
    actions.add_visit_photo(case, photo, by=county.bank.officer)
    with connection.cursor() as cursor:
        cursor.execute("SELECT picture FROM market_visitphoto")
        stored = bytes(cursor.fetchone()[0])
    assert photo.body not in stored and base64.b64encode(photo.body) not in stored
