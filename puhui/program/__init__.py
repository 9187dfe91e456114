"""The console program: supervisor, web, worker, live stream, embedded PostgreSQL, check."""
