"""A demo opened to the local network: its addresses, and who may not open one."""

import os
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from puhui.program import lan
from tests.program.conftest import puhui


@pytest.fixture
def settings_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PUHUI_LAN", "PUHUI_BIND", "PUHUI_STREAM_BIND"):
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)


def test_web_and_stream_answer_at_the_address_named(
    settings_of_its_own: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PUHUI_BIND", "127.0.0.1:8400")
    lan.open_to("192.168.7.20")
    assert os.environ["PUHUI_LAN"] == "192.168.7.20"
    assert os.environ["PUHUI_BIND"] == "192.168.7.20:8400"
    assert os.environ["PUHUI_STREAM_BIND"] == "192.168.7.20:8401"


@pytest.mark.parametrize("address", ["8.8.8.8", "0.0.0.0", "127.0.0.1", "phone"])
def test_an_address_that_is_not_of_the_local_network_is_refused(
    settings_of_its_own: None, address: str
) -> None:
    with pytest.raises(ImproperlyConfigured, match="PUHUI_LAN"):
        lan.open_to(address)


@pytest.mark.slow
def test_r2_a_county_is_never_opened_to_the_local_network(folder: Path) -> None:
    gateway = "http://127.0.0.1:9/"
    assert puhui(folder, "init", "--county", "试县", SMS_URL=gateway).returncode == 0
    told = puhui(folder, "up", SMS_URL=gateway, PUHUI_LAN="192.168.7.20")
    assert told.returncode == 1
    assert "PUHUI_LAN opens a demo without TLS" in told.stderr


def test_the_address_is_shown_as_a_code(capsys: pytest.CaptureFixture[str]) -> None:
    lan.show("http://192.168.7.20:8000")
    assert len(capsys.readouterr().err.splitlines()) > 10
