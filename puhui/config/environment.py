"""Reads the environment, and nothing else; whatever is missing or odd stops the program."""

import ipaddress
import json
import os
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured
from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict


def folder(name: str, default: Path) -> Path:
    named = os.environ.get(name)
    if named and "://" in named:
        raise ImproperlyConfigured(f"{name}: only a folder is supported")
    return Path(named).absolute() if named else default


def data_folder() -> Path:
    return folder("PUHUI_DATA", Path("data").absolute())


def log_folder() -> Path:
    return folder("PUHUI_LOG_DIR", data_folder() / "log")


def keys_folder() -> Path:
    return folder("PUHUI_KEYS", data_folder() / "keys")


def words(name: str) -> list[str]:
    return [word for word in os.environ.get(name, "").replace(",", " ").split() if word]


def number(name: str, default: int) -> int:
    text = os.environ.get(name, str(default))
    if not text.isdecimal():
        raise ImproperlyConfigured(f"{name}={text!r}: expected a whole number")
    return int(text)


def address(name: str, default: str) -> tuple[str, int]:
    """HOST:PORT; an IPv6 host stands in brackets."""
    text = os.environ.get(name) or default
    host, _, port = text.rpartition(":")
    if not host or not port.isdecimal() or not 0 < int(port) < 65536:
        raise ImproperlyConfigured(f"{name}={text!r}: expected HOST:PORT")
    return host.strip("[]"), int(port)


def is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def lan_host(name: str) -> str | None:
    """An address of the local network by which a demo may be opened, plain HTTP."""
    text = os.environ.get(name)
    if not text:
        return None
    try:
        found = ipaddress.ip_address(text)
    except ValueError:
        raise ImproperlyConfigured(f"{name}={text!r}: expected an IP address") from None
    if not found.is_private or found.is_loopback or found.is_unspecified:
        raise ImproperlyConfigured(f"{name}={text!r}: expected an address of the local network")
    return text


def yes(name: str, default: bool) -> bool:
    """A variable that is yes or no; anything else is refused."""
    value = os.environ.get(name, "").strip().lower()
    if value in ("", "yes", "no"):
        return default if not value else value == "yes"
    raise ImproperlyConfigured(f"{name} is yes or no, not {value!r}")


def web_address(name: str) -> str | None:
    text = os.environ.get(name)
    if text and (urlsplit(text).scheme not in {"http", "https"} or not urlsplit(text).hostname):
        raise ImproperlyConfigured(f"{name}: expected an http or https address")
    return text or None


def database_url(data: Path) -> str:
    """DATABASE_URL; where it is absent, the embedded database that runs in `data`."""
    if url := os.environ.get("DATABASE_URL"):
        return url
    try:
        return str(json.loads((data / "postgres" / "access.json").read_text("utf-8"))["app_url"])
    except (OSError, ValueError, KeyError):
        return ""


def database(url: str) -> dict[str, object]:
    """Django's description of the database at `url`; what libpq understands is passed on."""
    try:
        parts = conninfo_to_dict(url)
    except ProgrammingError:
        raise ImproperlyConfigured(
            "DATABASE_URL: not an address that PostgreSQL understands"
        ) from None
    named = {key.upper(): str(parts.pop(key, "")) for key in ("user", "password", "host", "port")}
    return {"NAME": str(parts.pop("dbname", "")), **named, "OPTIONS": parts}


def secret_key(keys: Path) -> str:
    path = keys / "django.key"
    try:
        text = path.read_text("utf-8").strip()
    except OSError:
        raise ImproperlyConfigured(
            f"no key at {path}: set PUHUI_KEYS to the installation's key folder; "
            "`puhui up` makes one for a new demo, `puhui init` for a new county"
        ) from None
    if len(text) < 50:
        raise ImproperlyConfigured(f"the key at {path} is shorter than 50 characters")
    return text
