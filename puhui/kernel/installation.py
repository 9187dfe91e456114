"""Demo or county: written once, asked by whoever must know."""

from django.db.models import Exists

from puhui.kernel.models import Installation


def is_demo() -> bool:
    """Whether this database is a demo; false in a county and while nothing is decided."""
    return Installation.objects.filter(kind=Installation.Kind.DEMO).exists()


def demo_mark() -> Exists:
    """The same as a part of another statement: pages that ask for the county need not ask twice."""
    return Exists(Installation.objects.filter(kind=Installation.Kind.DEMO))
