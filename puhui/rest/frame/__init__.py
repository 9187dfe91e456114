"""What every operation of the partner API shares: credentials, bodies, problems, keys, cursors."""
