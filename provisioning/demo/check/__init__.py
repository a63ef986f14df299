"""`gridwarden demo --check`: break the running demo in every promised way, then count whether anything was lost."""
