"""What village desk, hotline and slip entry share: one form, one page where it is read once more."""
