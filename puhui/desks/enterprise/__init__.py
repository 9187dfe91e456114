"""Pages of those who act for an enterprise, and of a household; for phones, without scripts."""
