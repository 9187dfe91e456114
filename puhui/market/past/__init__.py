"""How a county's past comes in: read a file, play each case through the lifecycles, write it."""
