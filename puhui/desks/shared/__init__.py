"""What every desk shares: the gate before a page, the layout, live updates, forms."""
