"""Demo or county: written once, asked by whoever must know."""

from puhui.kernel.models import Installation


def is_demo() -> bool:
    """Whether this database is a demo; false in a county and while nothing is decided."""
    return Installation.objects.filter(kind=Installation.Kind.DEMO).exists()
