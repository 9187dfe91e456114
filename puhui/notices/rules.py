"""What notices reckon with: replies, retries, and addresses that may be called. No clock, no network."""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

REPLY = re.compile(r"[\W_]*(?:回复|回|选|按)?[\W_]*([1-9一二三])[\W_]*(?:谢谢)?[\W_]*")
LONGEST_REPLY = 40
DIGITS = {"一": "1", "二": "2", "三": "3"}

FIRST_RETRY = timedelta(seconds=2)
LONGEST_RETRY = timedelta(hours=1)
GIVE_UP_AFTER = timedelta(hours=24)
SPREAD = 1000
LONGEST_REST = timedelta(minutes=1)

LONGEST_URL = 500
LOCAL_HOST = "localhost"
NAT64 = ipaddress.ip_network("64:ff9b::/96")


def digit_of(words: str) -> str:
    """The digit that a reply means ("1", "１。", "回 1", "回复2", "①"), or nothing."""
    match = (
        REPLY.fullmatch(unicodedata.normalize("NFKC", words))
        if len(words) <= LONGEST_REPLY
        else None
    )
    return DIGITS.get(match[1], match[1]) if match else ""


def next_try(created_at: datetime, now: datetime, attempts: int, spread: int) -> datetime | None:
    """When to try again after `attempts` failures, or None: a day is over, park it.

    2 s, 4 s, 8 s … to an hour; `spread` (0 to 1000, drawn by chance) moves it by ±25 %, so that
    messages that failed together do not come back together. The last try is at 24 hours.
    """
    ends_at = created_at + GIVE_UP_AFTER
    if now >= ends_at:
        return None
    wait = min(_doubled(attempts), LONGEST_RETRY)
    return min(now + wait * (3 * SPREAD + 2 * spread) / (4 * SPREAD), ends_at)


def _doubled(failures: int) -> timedelta:
    doublings = min(max(failures - 1, 0), 20)
    return FIRST_RETRY * (1 << doublings)


def rest_after(failures: int) -> timedelta:
    """How long an address is left alone after so many failures in a row to reach it."""
    return min(_doubled(failures), LONGEST_REST)


@dataclass(frozen=True, slots=True)
class Target:
    """Where a message is posted to."""

    is_tls: bool
    host: str
    port: int
    path: str


def target_of(url: str) -> Target:
    """The parts of a web address; ValueError where it has odd ones. Quotes nothing of it."""
    if len(url) > LONGEST_URL or not url.isascii() or re.search(r"[\s\x00-\x1f\x7f\\]", url):
        raise ValueError("odd characters")
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("no web address")
    if parts.username is not None or parts.password is not None or "#" in url:
        raise ValueError("user or fragment")
    is_tls = parts.scheme == "https"
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(is_tls, parts.hostname, parts.port or (443 if is_tls else 80), path)


def is_scheme_allowed(target: Target, *, is_demo: bool) -> bool:
    """TLS always; a demo may also talk to itself without."""
    return target.is_tls or (is_demo and is_loopback_name(target.host))


def is_loopback_name(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == LOCAL_HOST


def are_callable(addresses: Iterable[str], *, is_demo: bool) -> bool:
    """Whether every address of a host is one that a webhook may go to; none at all is refused."""
    found = list(addresses)
    return bool(found) and all(is_callable(one, is_demo=is_demo) for one in found)


def is_callable(address: str, *, is_demo: bool) -> bool:
    """Public addresses only: no own machine (but in a demo), no inner network, no link, no metadata.

    Addresses that carry another one inside (mapped, 6to4, Teredo, NAT64) are judged by that one.
    """
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    inner = _carried(found) if isinstance(found, ipaddress.IPv6Address) else found
    if inner.is_loopback:
        return is_demo
    return inner.is_global and not (inner.is_multicast or inner.is_reserved or inner.is_link_local)


def _carried(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    teredo = address.teredo
    carried = address.ipv4_mapped or address.sixtofour or (teredo[1] if teredo else None)
    if carried is None and address in NAT64:
        carried = ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)
    return carried or address
