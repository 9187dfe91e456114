"""Speeds, measured against the physical limit of the machine in the same run. `make bench`."""
