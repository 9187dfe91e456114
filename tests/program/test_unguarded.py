"""Figure F2: a route without a policy keeps the web from starting."""

import subprocess
import sys

import pytest

PLANT = """
from django.http import HttpResponse
from django.urls import path
import django, os
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "puhui.config.settings")
django.setup()
from puhui.desks.public import urls
{plant}
import puhui.config.wsgi
print("started")
"""
UNGUARDED = (
    "urls.urlpatterns.append(path('secret', lambda request: HttpResponse('all'), name='secret'))"
)


@pytest.mark.parametrize(("plant", "starts"), [("", True), (UNGUARDED, False)])
def test_f2_the_web_does_not_start_with_a_route_that_nobody_guards(
    plant: str, starts: bool
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PLANT.format(plant=plant)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ("started" in done.stdout) is starts, done.stderr[-500:]
    assert starts or "routes without a policy: secret" in done.stderr
