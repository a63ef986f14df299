"""`gridwarden central`: flags in, exit codes out. Every decision is made elsewhere."""

from central.cli.central_commands import app

__all__ = ["app"]
