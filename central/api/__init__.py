"""The HTTP border: REST under `/api/v1`, documentation, health, and doors of their own for boxes and partners.

Boxes come by `/edge/v1` and `/join/v1`, partners by `/partner/v1`.
"""

from central.api.application import build_api

__all__ = ["build_api"]
