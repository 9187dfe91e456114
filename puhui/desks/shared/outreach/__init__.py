"""Outreach pages that the county's and the township's desk share."""
