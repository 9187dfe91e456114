"""A demo for the phones in a room: opened to the local network, its address as a code to scan."""

from __future__ import annotations

import os
import socket
import sys

import segno

from puhui.config import environment
from puhui.program.installation import InstallationRefused

SOMEWHERE_ELSE = ("10.255.255.255", 9)
"""No datagram is sent: connecting makes the system choose the address it would send from."""


def own_address() -> str:
    """This machine's address in the local network."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as trial:
        try:
            trial.connect(SOMEWHERE_ELSE)
            found = str(trial.getsockname()[0])
        except OSError:
            found = "127.0.0.1"
    if environment.is_loopback(found):
        raise InstallationRefused(
            "no local network found: name this machine's address, --lan 192.168.1.20"
        )
    return found


def open_to(address: str) -> None:
    """Serve this command's program at `address`, on the port that PUHUI_BIND names."""
    os.environ["PUHUI_LAN"] = address
    environment.lan_host("PUHUI_LAN")
    _host, port = environment.address("PUHUI_BIND", "127.0.0.1:8000")
    os.environ["PUHUI_BIND"] = f"{address}:{port}"
    _host, port = environment.address("PUHUI_STREAM_BIND", f"127.0.0.1:{port + 1}")
    os.environ["PUHUI_STREAM_BIND"] = f"{address}:{port}"


def show(address: str) -> None:
    """The address as a code for a phone's camera."""
    segno.make(f"{address}/").terminal(out=sys.stderr, compact=True)
