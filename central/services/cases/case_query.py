"""Which cases somebody asks for: one list of filters for the API and the command line, and what each may say."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from central.core.case_machine import CaseStatus
from central.core.cases.search import QUERY_CHARS_MAX, query
from central.core.places import Bounds
from central.core.values import CaseSource
from central.stores.ports import CaseFilter
from protocol.messages import Moment

NAME_LENGTH_MAX, BOX_LENGTH_MAX, SHOWN_CHARS = 100, 100, 40
_Word = TypeVar("_Word", bound=StrEnum)


def _asks_something(text: str) -> str:
    if not query(text):
        raise ValueError("give at least one letter, digit or Chinese character to look for")
    return text


def bounds_of(text: str) -> Bounds:
    """`west,south,east,north`; `ValueError` says what is wrong with it."""
    try:
        west, south, east, north = map(float, text.split(","))
    except ValueError:
        raise ValueError("write four numbers in degrees: west,south,east,north") from None
    return Bounds(west, south, east, north)


def _is_box(text: str) -> str:
    bounds_of(text)
    return text


def _one_of(kind: type[_Word]) -> BeforeValidator:
    def known(told: object) -> object:
        if isinstance(told, str) and told not in set(kind):
            raise ValueError(f"{told[:SHOWN_CHARS]!r} is none of {', '.join(kind)}")
        return told

    return BeforeValidator(known)


def _zoned(told: object) -> object:
    if not isinstance(told, str):
        return told
    try:
        at = datetime.fromisoformat(told)
    except ValueError:
        raise ValueError(f"{told[:SHOWN_CHARS]!r} is no ISO 8601 time; write 2026-03-01T00:00+08:00") from None
    if at.tzinfo is None:
        raise ValueError(f"{told[:SHOWN_CHARS]!r} has no zone; write 2026-03-01T00:00+08:00")
    return at


Name = Annotated[str, StringConstraints(max_length=NAME_LENGTH_MAX, pattern=r"^[^\x00]*$")]
Text = Annotated[str, StringConstraints(max_length=QUERY_CHARS_MAX), AfterValidator(_asks_something)]
Box = Annotated[str, StringConstraints(max_length=BOX_LENGTH_MAX), AfterValidator(_is_box)]
Time = Annotated[Moment, BeforeValidator(_zoned)]
Status = Annotated[CaseStatus, _one_of(CaseStatus)]
_LATER = "Only later than this time, ISO 8601 with zone"
_EARLIER = "Only earlier than this time, ISO 8601 with zone"


class CaseQuery(BaseModel):
    """Cases that meet every filter; one that is left out lets all pass."""

    model_config = ConfigDict(frozen=True)

    status: list[Status] | None = Field(default=None, description="One, or several: any of them")
    camera: Name | None = Field(default=None, description="box.camera")
    box: Name | None = None
    scene: Name | None = Field(default=None, examples=["exposed_rubbish"])
    source: Annotated[CaseSource, _one_of(CaseSource)] | None = None
    unit: Name | None = Field(default=None, description="The responsible unit")
    assignee: Name | None = Field(default=None, description="A unit that has the case, or a person who works on it now")
    grid: Name | None = Field(default=None, description="Code of the unit grid (单元网格) that it lies in")
    component: Name | None = Field(default=None, description="部件标识码 of the component that it was registered for")
    bbox: Box | None = Field(
        default=None,
        description="west,south,east,north in degrees WGS84",
        examples=["105.33,34.73,105.35,34.75"],
    )
    text: Text | None = Field(
        default=None,
        description="Words in Chinese or English that must all be there: in number, place, description, scene, "
        "label or notes. One Chinese character finds every word with it, other words are whole.",
        examples=["暴露垃圾", "甘E12345"],
    )
    opened_after: Time | None = Field(default=None, description=_LATER)
    opened_before: Time | None = Field(default=None, description=_EARLIER)
    updated_after: Time | None = Field(default=None, description=_LATER)
    updated_before: Time | None = Field(default=None, description=_EARLIER)
    due_before: Time | None = Field(default=None, description="The handling limit that runs ends before this time")
    overdue: bool = Field(default=False, description="The handling limit that runs has ended")

    def wanted(self, now: datetime) -> CaseFilter:
        """What stores are asked; `now` is when leases run and limits have ended."""
        ends = [self.due_before, now if self.overdue else None]
        return CaseFilter(
            status=frozenset(self.status) if self.status else None,
            camera=self.camera,
            box=self.box,
            scene=self.scene,
            source=self.source,
            unit=self.unit,
            text=self.text,
            bounds=bounds_of(self.bbox) if self.bbox is not None else None,
            grid=self.grid,
            component=self.component,
            assignee=(self.assignee, now) if self.assignee is not None else None,
            opened_after=self.opened_after,
            opened_before=self.opened_before,
            updated_after=self.updated_after,
            updated_before=self.updated_before,
            due_before=min((end for end in ends if end is not None), default=None),
        )
