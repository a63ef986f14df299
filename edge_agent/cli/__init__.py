"""`gridwarden edge` and `gridwarden model`: flags in, exit codes out. Every decision is made elsewhere."""

from edge_agent.cli.edge_commands import app
from edge_agent.cli.model_commands import model_app

__all__ = ["app", "model_app"]
