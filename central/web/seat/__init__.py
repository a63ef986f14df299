"""The seat: candidates with pictures, decisions by key, cameras with their states."""
