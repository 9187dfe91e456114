"""How heavy the resident's pages are over the wire (figure P5), measured by a real browser.

    python bench/weight.py [ADDRESS]

Opens each page in a fresh browser, so that nothing comes from a cache, and adds up what the network
carried: headers and bodies as they were compressed. Afterwards it opens further pages in the same
browser, as a person would. Prints one line for each page with its limit; ends with 1 if one is over
or a script holds up the first paint. ADDRESS is a running site, by default http://127.0.0.1:8000.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field

from playwright.sync_api import Browser, BrowserContext, CDPSession, sync_playwright

FIRST_LIMIT = 60 * 1024
LATER_LIMIT = 20 * 1024
FIRST = ("/", "/ask/1")
LATER = (
    "/ask/1",
    "/products/",
    "/products/rankings",
    "/products/fit",
    "/places/news/",
    "/places/livelihood/",
    "/banks/",
    "/sign-in",
)
FLAGS = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking")
BLOCKING = """() => [...document.querySelectorAll('script')]
    .filter(one => !one.defer && !one.async && one.type !== 'module').length"""


@dataclass
class Wire:
    """What the network has carried since the last reset."""

    bytes: int = 0
    requests: dict[str, str] = field(default_factory=dict)

    def listen(self, session: CDPSession) -> None:
        session.on("Network.requestWillBeSent", self._sent)
        session.on("Network.loadingFinished", self._finished)
        session.send("Network.enable")

    def _sent(self, event: dict[str, object]) -> None:
        request = event["request"]
        assert isinstance(request, dict)
        self.requests[str(event["requestId"])] = str(request["url"])

    def _finished(self, event: dict[str, object]) -> None:
        self.bytes += int(str(event["encodedDataLength"]).split(".")[0])


def weigh(context: BrowserContext, address: str) -> tuple[int, int, int]:
    """Bytes over the wire, requests, blocking scripts of one page."""
    page, wire = context.new_page(), Wire()
    wire.listen(context.new_cdp_session(page))
    page.goto(address, wait_until="networkidle")
    blocking = int(page.evaluate(BLOCKING))
    page.close()
    return wire.bytes, len(wire.requests), blocking


def show(kind: str, path: str, found: tuple[int, int, int], limit: int) -> bool:
    """Print one line; whether the page keeps its limit."""
    weight, requests, blocking = found
    is_kept = weight <= limit and blocking == 0
    print(
        f"{kind:<6} {path:<20} {weight / 1024:6.1f} KB of {limit // 1024} KB,"
        f" {requests} requests, {blocking} blocking scripts  {'ok' if is_kept else 'OVER'}"
    )
    return is_kept


def measured(browser: Browser, site: str) -> list[bool]:
    kept = []
    for path in FIRST:
        context = browser.new_context(viewport={"width": 360, "height": 740})
        kept.append(show("first", path, weigh(context, site + path), FIRST_LIMIT))
        context.close()
    context = browser.new_context(viewport={"width": 360, "height": 740})
    weigh(context, f"{site}/")
    kept.extend(show("later", p, weigh(context, site + p), LATER_LIMIT) for p in LATER)
    context.close()
    return kept


def main() -> int:
    site = (sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000").rstrip("/")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=[*FLAGS])
        kept = measured(browser, site)
        browser.close()
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main())
