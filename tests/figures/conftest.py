"""One database cluster for all figures."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.figures.site import Cluster


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    data = Path(tempfile.mkdtemp(prefix="puhui-fig-"))
    found = Cluster(data)
    yield found
    found.stop()
    shutil.rmtree(data, ignore_errors=True)
