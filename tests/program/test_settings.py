"""Settings come from the environment and fail closed."""

import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from puhui.config import environment
from puhui.kernel.crypto import KeyRing
from tests.program.conftest import environment as bare

LOAD = """
import json
from puhui.config import settings as s
print(json.dumps({
  "hosts": s.ALLOWED_HOSTS, "secure": s.CSRF_COOKIE_SECURE, "hsts": s.SECURE_HSTS_SECONDS,
  "origins": s.PUHUI_PAGE_ORIGINS, "stream": s.PUHUI_STREAM_PORT, "debug": s.DEBUG,
  "connect": s.CONTENT_SECURITY_POLICY["DIRECTIVES"]["connect-src"],
}))
"""


def load(folder: Path, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", LOAD],
        env=bare(folder, **more),
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def keys(folder: Path) -> Path:
    return KeyRing.create(folder / "keys").folder


def test_no_key_no_start(folder: Path) -> None:
    done = load(folder)
    assert done.returncode
    assert "no key at" in done.stderr
    assert "PUHUI_KEYS" in done.stderr


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"PUHUI_BIND": "8000"}, "expected HOST:PORT"),
        ({"PUHUI_BIND": "127.0.0.1:http"}, "expected HOST:PORT"),
        ({"PUHUI_BIND": "0.0.0.0:8000"}, "name the public hosts in PUHUI_HOSTS"),
        ({"PUHUI_BIND": "0.0.0.0:8000", "PUHUI_LAN": "8.8.8.8"}, "of the local network"),
        ({"PUHUI_LAN": "everywhere"}, "expected an IP address"),
        ({"PUHUI_KEYS": "kms://somewhere/key"}, "only a folder is supported"),
        ({"SMS_URL": "gateway"}, "SMS_URL: expected an http or https address"),
        ({"ALARM_URL": "ftp://alarm"}, "ALARM_URL: expected an http or https address"),
        ({"DATABASE_URL": "postgresql://a@b/c?nonsense=1"}, "not an address that PostgreSQL"),
        ({"PUHUI_STATEMENT_SECONDS": "soon"}, "expected a whole number"),
    ],
)
def test_what_is_odd_stops_the_program(
    folder: Path, keys: Path, more: dict[str, str], said: str
) -> None:
    done = load(folder, **more)
    assert done.returncode
    assert said in done.stderr


def test_on_loopback_plain_http_will_do(folder: Path, keys: Path) -> None:
    told = load(folder).stdout
    assert '"secure": false' in told
    assert '"debug": false' in told
    assert "http://127.0.0.1:8001" in told


def test_behind_a_public_name_everything_is_tls(folder: Path, keys: Path) -> None:
    told = load(folder, PUHUI_HOSTS="puhui.example.cn", PUHUI_BIND="0.0.0.0:8000").stdout
    assert '"hosts": ["puhui.example.cn"]' in told
    assert '"secure": true' in told
    assert '"hsts": 31536000' in told
    assert '"origins": ["https://puhui.example.cn"]' in told
    assert '"stream": null' in told
    assert "http://" not in told


def test_a_lan_address_is_one_more_name(folder: Path, keys: Path) -> None:
    told = load(folder, PUHUI_LAN="192.168.1.20", PUHUI_BIND="0.0.0.0:8000").stdout
    assert "http://192.168.1.20:8000" in told
    assert "http://192.168.1.20:8001" in told


def test_database_address_keeps_what_libpq_understands() -> None:
    found = environment.database("postgresql://u:p%40ss@db.example/puhui?sslmode=verify-full")
    assert found == {
        "NAME": "puhui",
        "USER": "u",
        "PASSWORD": "p@ss",
        "HOST": "db.example",
        "PORT": "",
        "OPTIONS": {"sslmode": "verify-full"},
    }
    with pytest.raises(ImproperlyConfigured):
        environment.database("postgresql://a@b/c?nonsense=1")


def test_passwords_cost_19_mebibytes() -> None:
    assert make_password("x").startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")


def test_no_sessions_framework_and_no_foreign_accounts() -> None:
    assert not [
        app
        for app in settings.INSTALLED_APPS
        if app.startswith("django.contrib.") and app != "django.contrib.staticfiles"
    ]
    assert not [name for name in settings.MIDDLEWARE if "session" in name or "auth" in name]


@pytest.mark.django_db
def test_headers_of_any_answer(client: Client) -> None:
    headers = client.get("/nowhere-at-all").headers
    policy = headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "private, no-store"


def test_unknown_host_is_refused(client: Client) -> None:
    assert client.get("/nowhere-at-all", headers={"host": "evil.example"}).status_code == 400
