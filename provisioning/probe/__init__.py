"""`gridwarden provision probe`: why does this camera give no picture? Step by step, in words."""
