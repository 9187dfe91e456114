"""Servers that behave badly: they trickle, keep silent, talk nonsense, hang up."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Manner = Callable[[socket.socket, threading.Event], None]


def trickle(line: socket.socket, over: threading.Event) -> None:
    line.sendall(b"HTTP/1.1 200 OK\r\nx-slow: ")
    for _byte in range(100):
        if over.wait(0.1):
            return
        line.sendall(b"x")


def silence(line: socket.socket, over: threading.Event) -> None:
    over.wait(20)


def nonsense(line: socket.socket, over: threading.Event) -> None:
    line.sendall(b"220 mail.example.org ESMTP\r\n\r\n")


def hang_up(line: socket.socket, over: threading.Event) -> None:
    line.shutdown(socket.SHUT_RDWR)


@contextmanager
def serve(manner: Manner) -> Iterator[str]:
    over = threading.Event()
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(0.1)

    def talk(line: socket.socket) -> None:
        with line:
            try:
                line.recv(65_536)
                manner(line, over)
            except OSError:
                return

    def listen() -> None:
        while not over.is_set():
            try:
                line, _address = listener.accept()
            except TimeoutError:
                continue
            threading.Thread(target=talk, args=(line,), daemon=True).start()

    thread = threading.Thread(target=listen, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
    finally:
        over.set()
        thread.join(5)
        listener.close()
