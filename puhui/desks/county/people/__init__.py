"""Who there is in the county: organisations, people, places, rosters, by page and by list."""
