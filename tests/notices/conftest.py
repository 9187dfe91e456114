from collections.abc import Iterator

import pytest

from tests import world
from tests.notices.receiver import Receiver, receiver


@pytest.fixture
def county(db: None) -> world.World:
    return world.build()


@pytest.fixture
def bank_server() -> Iterator[Receiver]:
    with receiver() as found:
        yield found


@pytest.fixture
def other_server() -> Iterator[Receiver]:
    with receiver() as found:
        yield found
