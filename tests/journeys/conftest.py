"""One site for all journeys, one browser for each file: starting them costs more than most stories."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser
from pytest_django import DjangoDbBlocker

from puhui.kernel.command import database_now
from puhui.kernel.models import Installation
from tests.journeys.site import Site, browser, running_site


@pytest.fixture(scope="package")
def running(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Site]:
    """It starts as a demo's and forgets that: each test's own world says again what it is."""
    with django_db_blocker.unblock():
        demo = Installation.objects.create(kind="demo", created_at=database_now())
        with running_site() as site:
            demo.delete()
            yield site


@pytest.fixture
def site(running: Site, transactional_db: None) -> Iterator[Site]:
    """The program on the test's database, whole again after a test that cut the stream."""
    yield running
    running.mend()


@pytest.fixture(scope="module")
def _browser(django_db_blocker: DjangoDbBlocker) -> Iterator[Browser]:
    """The browser's own loop runs in this thread, beside which Django would refuse the database."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        with django_db_blocker.unblock(), browser() as opened:
            yield opened


@pytest.fixture
def chromium(_browser: Browser, transactional_db: None) -> Iterator[Browser]:
    """A browser without a window open; what the test leaves open is closed before its data goes."""
    yield _browser
    for context in _browser.contexts:
        context.close()
