"""Copies of an installation: taken, proved, brought back to a moment.

The embedded database is copied as files with its log of changes, so it can be brought back to any
moment since the first copy (`taking`, `restoring`, `archive`). Another server's database is written
out as a dump, which holds one moment (`dumps`). Neither ever holds a key. What was brought back is
proved before anyone may use it (`proving`), and sends nothing until it is armed.
"""
