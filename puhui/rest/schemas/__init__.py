"""What comes in and goes out, by partner kind: allow-lists, field by field."""
