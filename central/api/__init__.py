"""The HTTP border: REST under `/api/v1`, boxes' door under `/edge/v1` and `/join/v1`, documentation, health."""

from central.api.application import build_api

__all__ = ["build_api"]
