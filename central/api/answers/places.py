"""What is near a case, as clients read it."""

from pydantic import Field

from central.api.answers.answer import Answer, fields
from central.services.places import Near


class NearComponentAnswer(Answer):
    """A component (部件) near by, and who is responsible for it."""

    id: str
    name: str
    code: str = Field(description="Its class, such as 01-50; empty where the table did not say")
    unit: str
    address: str
    distance_m: float


class NearUnitAnswer(Answer):
    """A unit that the case may be for; `id` is what a dispatch names."""

    id: str
    name: str
    kind: str
    distance_m: float | None = Field(description="None where it is not known where the unit or the case is")
    of_grid: bool = Field(description="It is responsible for the grid of the case")


def show_components(near: Near) -> list[NearComponentAnswer]:
    """The nearest first."""
    return [NearComponentAnswer(**fields(one), distance_m=round(metres, 1)) for metres, one in near.components]


def show_units(near: Near) -> list[NearUnitAnswer]:
    """Those of the case's grid first, then the nearest."""
    return [
        NearUnitAnswer(
            **fields(unit),
            distance_m=round(metres, 1) if metres is not None else None,
            of_grid=near.grid != "" and near.grid in unit.grids,
        )
        for metres, unit in near.units
    ]
