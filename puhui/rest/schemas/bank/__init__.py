"""What banks send and see."""
