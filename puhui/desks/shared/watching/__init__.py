"""What the township and county desks share: rows of their lists, the case page, filters, tables."""
