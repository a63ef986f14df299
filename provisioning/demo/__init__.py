"""`gridwarden demo`: the real thing on one machine, with simulated cameras; `--check` proves that nothing is lost."""

from provisioning.demo.cli import app

__all__ = ["app"]
