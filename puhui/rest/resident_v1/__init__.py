"""An applicant's own doors: what they asked for, and the enterprises that they act for."""

from puhui.rest.resident_v1 import demands, enterprises
from puhui.rest.resident_v1.door import resident

__all__ = ["demands", "enterprises", "resident"]
