"""The applicant's door."""

from __future__ import annotations

from puhui.rest.frame.doors import Doors

resident = Doors.of("resident")
