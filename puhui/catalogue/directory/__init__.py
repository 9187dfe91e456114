"""What a bank writes of itself for everybody: policies, hotlines, quick loans, answers, hours.

A room of its own inside the catalogue: terms, actions and queries are for the floors above.
"""
