"""The files of deploy/ and the page that explains them fit the program as it is."""

import configparser
import re
import shlex
from pathlib import Path

import pytest

from puhui.program.console import parser

ROOM = Path(__file__).parents[2]
DEPLOY = ROOM / "deploy"
GUIDE = (ROOM / "docs" / "install.md").read_text("utf-8")
OPERATIONS = (ROOM / "docs" / "operations.md").read_text("utf-8")
UNITS = sorted(DEPLOY.glob("*.service"))
ENVIRONMENT = dict(
    line.split("=", 1)
    for line in (DEPLOY / "puhui.env").read_text("utf-8").splitlines()
    if not line.startswith("#")
)


def unit(path: Path) -> configparser.ConfigParser:
    read = configparser.ConfigParser(interpolation=None, strict=False)
    read.optionxform = str  # type: ignore[assignment,method-assign]
    read.read(path, "utf-8")
    return read


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_every_service_starts_a_command_that_exists(path: Path) -> None:
    service = unit(path)["Service"]
    program, *arguments = shlex.split(service["ExecStart"])
    assert program == "/opt/puhui/.venv/bin/puhui"
    assert callable(parser().parse_args(arguments).run)
    assert service["User"] == "puhui"


def test_the_services_are_those_that_a_county_runs() -> None:
    started = {shlex.split(unit(path)["Service"]["ExecStart"])[1] for path in UNITS}
    assert started == {"serve", "stream", "work", "backup"}
    for path in UNITS:
        name = path.stem.replace("@", "@1")
        assert name in GUIDE or f"{name}.timer" in GUIDE, name


def test_every_setting_of_the_sample_is_documented() -> None:
    assert [name for name in ENVIRONMENT if f"`{name}`" not in OPERATIONS] == []


def test_nginx_leads_to_the_addresses_of_the_sample() -> None:
    text = (DEPLOY / "nginx.conf").read_text("utf-8")
    assert re.findall(r"proxy_pass http://([^;]+);", text) == [
        ENVIRONMENT["PUHUI_STREAM_BIND"],
        ENVIRONMENT["PUHUI_BIND"],
    ]
    assert set(re.findall(r"server_name ([^;]+);", text)) == {ENVIRONMENT["PUHUI_HOSTS"]}
    assert "proxy_set_header X-Forwarded-For $remote_addr;" in text
    assert "proxy_buffering off;" in text


def test_every_command_of_the_guide_exists() -> None:
    commands = re.findall(r"^puhui (\S+)", GUIDE, re.MULTILINE)
    known = parser()._subparsers._group_actions[0].choices  # type: ignore[union-attr]
    assert commands
    assert [name for name in commands if name not in known] == []
