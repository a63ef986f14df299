"""Unit grids as a city's file has them."""

from pydantic import JsonValue

CODES = ("62052300100101", "62052300100102")


def square(code: object, west: float, south: float = 34.736, side: float = 0.001) -> dict[str, JsonValue]:
    """Return a grid as a feature."""
    corners = [(west, south), (west + side, south), (west + side, south + side), (west, south + side), (west, south)]
    geometry = {"type": "Polygon", "coordinates": [[list(corner) for corner in corners]]}
    return {"type": "Feature", "properties": {"code": code}, "geometry": geometry}  # type: ignore[dict-item]
