"""The desk of the village's finance specialist: a phone first, in the residents' look."""
