"""Cases on a map, as GeoJSON (RFC 7946)."""

from collections.abc import Iterable
from typing import Literal

from pydantic import AwareDatetime, Field

from central.api.answers.answer import Answer
from central.core.case_machine import CaseStatus
from central.core.cases.casefile import Case
from central.core.places.clusters import Cluster, clusters


class PointAnswer(Answer):
    """Longitude and latitude, WGS84."""

    type: Literal["Point"] = "Point"
    coordinates: tuple[float, float]


class PropertiesAnswer(Answer):
    """One case, or how many there are of each status."""

    count: int
    statuses: dict[CaseStatus, int]
    id: str | None = Field(description="Of the case, where it is one")
    number: str | None
    scene: str | None
    place: str | None
    opened_at: AwareDatetime | None


class FeatureAnswer(Answer):
    """A point of the map."""

    type: Literal["Feature"] = "Feature"
    geometry: PointAnswer
    properties: PropertiesAnswer


class MapAnswer(Answer):
    """A FeatureCollection."""

    type: Literal["FeatureCollection"] = "FeatureCollection"
    complete: bool = Field(description="False: there are more cases than were read")
    features: list[FeatureAnswer]


def show_map(found: Iterable[Case], zoom: int, *, complete: bool) -> MapAnswer:
    """Cases that have a position."""
    placed = ((place, case.status.value, case) for case in found if (place := case.position) is not None)
    return MapAnswer(complete=complete, features=[_feature(one) for one in clusters(placed, zoom)])


def _feature(one: Cluster[Case]) -> FeatureAnswer:
    case, place = one.only, one.position.rounded
    return FeatureAnswer(
        geometry=PointAnswer(coordinates=(place.longitude, place.latitude)),
        properties=PropertiesAnswer(
            count=one.count,
            statuses={CaseStatus(status): count for status, count in one.counts.items()},
            id=case.id if case is not None else None,
            number=case.number if case is not None else None,
            scene=case.scene if case is not None else None,
            place=case.place if case is not None else None,
            opened_at=case.opened_at if case is not None else None,
        ),
    )
