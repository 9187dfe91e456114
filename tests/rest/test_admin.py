"""The county's administrator over REST: what is shown once is not stored; imports are all or nothing."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import Any

import pytest
from django.http import HttpResponse

from puhui.kernel.actor import SYSTEM
from puhui.kernel.calendar import ALWAYS_HOLIDAYS
from puhui.kernel.crypto import open_blob
from puhui.kernel.models import CalendarYear, StoredResponse
from puhui.market.models import FinancingDemand
from puhui.parties import actions as parties
from puhui.parties.models import Division, Resident
from puhui.parties.terms import Registration
from tests import world
from tests.market import past_cases
from tests.rest.partner import Partner, signed_in


def _admin() -> Partner:
    return signed_in(world.build().admin)


def _upload(
    partner: Partner, path: str, files: dict[str, bytes], key: str, **fields: Any
) -> HttpResponse:
    parts = {name: io.BytesIO(content) for name, content in files.items()}
    for name, part in parts.items():
        part.name = f"{name}.csv"
    headers = {**partner.headers, "Idempotency-Key": key}
    return partner.client.post(  # type: ignore[return-value]
        f"/api/v1/admin{path}", {**parts, **fields}, headers=headers
    )


def _stored() -> str:
    return "\n".join(
        open_blob(bytes(row.sealed_body or b""), f"response:{row.id}").decode()
        for row in StoredResponse.objects.all()
    )


@pytest.mark.django_db
def test_an_api_key_is_shown_once_and_works() -> None:
    admin = _admin()
    first = admin.post("/admin/api-keys", {"organisation": "B01"}, key="k")
    assert first.status_code == 201 and first.json()["key"]
    again = admin.post("/admin/api-keys", {"organisation": "B01"}, key="k")
    assert again.json() == {**first.json(), "key": None}
    assert first.json()["key"] not in _stored()
    no_bank = admin.post("/admin/api-keys", {"organisation": "T01"})
    assert (no_bank.status_code, no_bank.json()["code"]) == (422, "only_banks")


@pytest.mark.django_db
def test_a_bank_with_an_officer_who_signs_in() -> None:
    admin = _admin()
    bank = {"name": "河湾村镇银行", "kind": "bank", "sms_name": "河湾村行"}
    made = admin.post("/admin/organisations", bank)
    assert made.status_code == 201, made.content.decode()
    person = {
        "organisation": made.json()["ref"],
        "name": "周经理",
        "phone": "19900009999",
        "duties": [{"role": "loan_officer"}],
        "login": "zhou",
    }
    staff = admin.post("/admin/staff", person, key="k")
    assert staff.status_code == 201, staff.content.decode()
    password = staff.json()["one_time_password"]
    login = {"login": "zhou", "password": password}
    assert Partner().post("/auth/sessions", login).json()["must_enrol"] is True
    again = admin.post("/admin/staff", person, key="k")
    assert again.json() == {**staff.json(), "one_time_password": None}
    assert password not in _stored()
    taken = admin.post("/admin/organisations", bank)
    assert (taken.status_code, taken.json()["code"]) == (409, "organisation_taken")


@pytest.mark.django_db
def test_divisions_are_tried_dry_then_imported_and_again_change_nothing() -> None:
    admin = _admin()
    more = world.VILLAGES + "990525002299,后山村村委会,990525002,99,9905,990525\n".encode()
    files = {"townships": world.TOWNSHIPS, "villages": more}
    dry = _upload(admin, "/divisions/import", files, "dry", dry_run="true")
    assert dry.status_code == 200, dry.content.decode()
    assert (dry.json()["created"], dry.json()["is_done"]) == (1, False)
    assert not Division.objects.filter(code="990525002299").exists()
    done = _upload(admin, "/divisions/import", files, "real")
    assert (done.json()["created"], done.json()["is_done"]) == (1, True)
    assert _upload(admin, "/divisions/import", files, "real").content == done.content
    other = _upload(admin, "/divisions/import", {**files, "villages": world.VILLAGES}, "real")
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")


@pytest.mark.django_db
def test_residents_are_imported_all_or_none_with_each_wrong_row_named() -> None:
    admin = _admin()
    number = world.identity_number(888, "19660606")
    before = Resident.objects.count()
    head, village = "姓名,身份证号,手机号,村编码\n", world.VILLAGE
    right = f"{head}高大山,{number},19811110000,{village}\n".encode()
    wrong = right + f"高小山,12345,19811110001,{village}\n".encode()
    refused = _upload(admin, "/residents/import", {"file": wrong}, "a")
    assert refused.status_code == 422
    assert {one["field"] for one in refused.json()["errors"]} == {"residents.3.identity_number"}
    assert "12345" not in refused.content.decode()
    dry = _upload(admin, "/residents/import", {"file": wrong}, "b", dry_run="true").json()
    assert (dry["error_count"], dry["errors"][0]["line"], dry["is_done"]) == (1, 3, False)
    assert Resident.objects.count() == before
    done = _upload(admin, "/residents/import", {"file": right}, "c")
    assert done.json()["created"] == 1 and Resident.objects.count() == before + 1


@pytest.mark.django_db
def test_a_calendar_is_loaded_whole() -> None:
    admin = _admin()
    holidays = "".join(f"2031-{month:02}-{day:02},放假,节\n" for month, day in ALWAYS_HOLIDAYS)
    table = f"日期,安排,说明\n2031,全年,测试\n{holidays}".encode()
    done = _upload(admin, "/calendar", {"file": table}, "a", source="国办发明电〔2030〕1号")
    assert (done.status_code, done.json()["years"], done.json()["days"]) == (200, [2031], 365)
    assert CalendarYear.objects.filter(year=2031).exists()
    bad = _upload(admin, "/calendar", {"file": b"a,b,c\n1,2,3\n"}, "b", source="x")
    assert (bad.status_code, bad.json()["errors"][0]["field"]) == (422, "file.1")
    binary = _upload(admin, "/calendar", {"file": b"\xff\x00"}, "c", source="x")
    assert (binary.status_code, binary.json()["errors"][0]["code"]) == (422, "malformed")


@pytest.mark.django_db
def test_clock_rules_name_each_limit_out_of_bounds() -> None:
    admin = _admin()
    done = admin.post("/admin/clock-rules", {"callback_seconds": 60})
    assert done.status_code == 200 and done.json()["callback_seconds"] == 60
    cases = {
        "callback_seconds": (0, "out_of_range"),
        "duty_opens": ("25:99", "not_a_time"),
        "slots": (None, "out_of_range"),
        "colour": (1, "unknown_field"),
        "callback_secondz": (True, "unknown_field"),
    }
    for name, (value, code) in cases.items():
        refused = admin.post("/admin/clock-rules", {name: value})
        assert refused.status_code == 422
        assert {one["field"]: one["code"] for one in refused.json()["errors"]} == {name: code}


@pytest.mark.django_db
def test_an_upload_must_be_a_form_with_its_files() -> None:
    admin = _admin()
    assert admin.post("/admin/residents/import", {"file": "x"}).status_code == 415
    empty = _upload(admin, "/residents/import", {}, "a", dry_run="true")
    assert (empty.status_code, empty.json()["errors"][0]["field"]) == (422, "file")
    text = _upload(admin, "/residents/import", {}, "b", file="not a file")
    assert text.status_code == 422
    odd = _upload(admin, "/residents/import", {"file": b"x"}, "c", colour="red")
    assert [(one["field"], one["code"]) for one in odd.json()["errors"]] == [
        ("colour", "unknown_field")
    ]
    broken = admin.client.generic(
        "POST",
        "/api/v1/admin/residents/import",
        b"--x\r\nnonsense",
        content_type="multipart/form-data; boundary=",
        headers={**admin.headers, "Idempotency-Key": "d"},
    )
    assert broken.status_code == 400 and broken.json()["code"] == "malformed"


@pytest.mark.django_db
def test_m028_a_past_comes_in_by_file_with_every_wrong_case_named() -> None:
    county = world.build(1)
    who = world.identity_number(901)
    row = Registration("赵春花", who, "13900009999", world.VILLAGE)
    parties.import_residents([row], at=datetime(2022, 7, 5, tzinfo=UTC), by=SYSTEM)
    admin = signed_in(county.admin)
    good = past_cases.lines(past_cases.case(1, past_cases.funded(county), who))
    wrong = good + b"\n" + past_cases.lines(past_cases.case(2, past_cases.funded(county)[1:], who))
    refused = _upload(admin, "/history/import", {"file": wrong}, "a")
    assert refused.status_code == 422 and who not in refused.content.decode()
    assert [(one["field"], one["code"]) for one in refused.json()["errors"]] == [
        ("history.2.what", "first_step")
    ]
    dry = _upload(admin, "/history/import", {"file": good}, "b", dry_run="true").json()
    assert (dry["created"], dry["is_done"], FinancingDemand.objects.count()) == (1, False, 0)
    done = _upload(admin, "/history/import", {"file": good}, "c").json()
    assert (done["created"], done["is_done"]) == (1, True)
    again = _upload(admin, "/history/import", {"file": good}, "d").json()
    assert (again["rows"], again["created"]) == (1, 0)
    supervisor = signed_in(county.supervisor)
    assert _upload(supervisor, "/history/import", {"file": good}, "e").status_code == 403
