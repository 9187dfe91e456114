"""Wall screens: a device of the county, no person."""
