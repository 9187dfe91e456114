"""Django's PostgreSQL, fitted to a web whose every request borrows a connection."""
