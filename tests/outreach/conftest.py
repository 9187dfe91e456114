import pytest

from tests import world


@pytest.fixture
def county(db: None) -> world.World:
    return world.build()
