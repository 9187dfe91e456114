"""The bank's door: for banks alone, and what most operations on a case may refuse with."""

from __future__ import annotations

from puhui.kernel.actor import BANK
from puhui.kernel.command import NOT_FOUND
from puhui.market.terms import Refusals
from puhui.rest.frame.doors import Doors

bank = Doors.of("bank", only=BANK)
CASE = (NOT_FOUND, Refusals.STATE)
