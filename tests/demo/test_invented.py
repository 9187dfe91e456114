"""Nobody and nothing of the source documents appears: no real bank, firm or person."""

import re
import subprocess
from pathlib import Path

import pytest
from django.test import Client

from puhui.demo import build, people, tables
from puhui.demo.personas import PERSONAS
from puhui.parties.models import Organisation, Resident, Staff

ROOM = Path(__file__).parents[2]
FORBIDDEN = Path(__file__).with_name("forbidden.txt").read_text(encoding="utf-8").split()
TEXT = {".py", ".html", ".toml", ".csv", ".css", ".js", ".md", ".txt"}


def test_no_shipped_file_names_a_real_bank_firm_or_person() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "puhui", "static", "docs", "README.md", "README.zh.md"],
        cwd=ROOM,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    found = [
        f"{name}: {word}"
        for name in listed
        if Path(name).suffix in TEXT and (ROOM / name).is_file()
        for word in FORBIDDEN
        if word in (ROOM / name).read_text(encoding="utf-8")
    ]
    assert found == []


@pytest.mark.django_db
def test_everybody_in_the_demo_is_invented_and_every_page_says_so(client: Client) -> None:
    build.run()
    names = [
        *(one.name for one in Resident.objects.all()),
        *(one.name for one in Staff.objects.all()),
        *Organisation.objects.values_list("name", flat=True),
    ]
    assert not [name for name in names for word in FORBIDDEN if word in name]
    assert all(one.phone.startswith("1010") for one in Resident.objects.all())
    assert all(one.identity_number.startswith(people.AREA_CODE) for one in Resident.objects.all())
    for persona in PERSONAS:
        client.post("/demo/", {"key": persona.key})
        page = client.get(persona.home)
        body = page.content.decode()
        assert page.status_code == 200 and "演示数据" in body, persona.key
        assert not [word for word in FORBIDDEN if word in body]
        client.cookies.clear()
    for address in ("/", "/demo/", "/demo/phone/", "/demo/phone/li/"):
        assert "演示数据" in client.get(address).content.decode()


def test_the_shipped_tables_are_those_of_the_handbook() -> None:
    assert len(tables.banks()) == 11 and len(tables.products()) == 25
    from puhui.demo.requests import shipped

    assert [one.number for one in sorted(shipped(), key=lambda r: r.number)][:28] == list(
        range(1, 29)
    )
    assert any(one.minutes == 8 for one in shipped())


@pytest.mark.django_db
def test_in_a_county_the_demo_pages_do_not_exist(client: Client) -> None:
    from tests import world

    world.build(banks=1, demo=False)
    for address in ("/demo/", "/demo/phone/", "/demo/phone/li/"):
        assert client.get(address).status_code == 404
        assert client.post(address, {"key": "li"}).status_code in (403, 404)
    assert not re.search("演示数据", client.get("/").content.decode())
