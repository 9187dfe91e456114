"""Articles, tables and villagers' reports at a desk: the same pages for county and township."""
