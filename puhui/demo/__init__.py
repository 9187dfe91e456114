"""A made-up county on real divisions: its people, its banks, their requests, all through actions."""
