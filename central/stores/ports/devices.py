"""Boxes, cameras and commands."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from central.core.fleet.clock_skew import BootClock
from central.core.fleet.devices import Box, BoxFact, Camera, CameraFact, CommandRecord
from central.core.values import Page
from central.stores.ports.records import PageRequest
from protocol.messages import CameraState


class BoxStore(Protocol):
    """Boxes, the facts about them, and their clocks."""

    def get(self, ids: Sequence[str]) -> Mapping[str, Box]:
        """Boxes by id, locked until a writing unit ends (in order of ids)."""
        ...

    def peek(self, ids: Sequence[str]) -> Mapping[str, Box]:
        """Boxes by id, nothing is locked: for units that hold cases already, which reception takes after boxes."""
        ...

    def add(self, box: Box) -> None:
        """Insert; `StoreRejected` when the id is taken."""
        ...

    def save(self, boxes: Sequence[Box]) -> None:
        """Overwrite."""
        ...

    def find(self, page: PageRequest) -> Page[Box]:
        """By id."""
        ...

    def add_facts(self, facts: Sequence[BoxFact]) -> None:
        """Append."""
        ...

    def facts(self, box: str, page: PageRequest, start: datetime | None, end: datetime | None) -> Page[BoxFact]:
        """Newest recorded first; those recorded at or after `start` and before `end`."""
        ...

    def clocks(self, boots: Sequence[tuple[str, int]]) -> Mapping[tuple[str, int], BootClock]:
        """What is known of the clocks of (box, boot)."""
        ...

    def save_clocks(self, clocks: Mapping[tuple[str, int], BootClock]) -> None:
        """Insert or overwrite."""
        ...


class CameraStore(Protocol):
    """Cameras and the facts about them."""

    def get(self, keys: Sequence[str]) -> Mapping[str, Camera]:
        """Cameras by key."""
        ...

    def of_boxes(self, boxes: Sequence[str]) -> Sequence[Camera]:
        """All cameras of these boxes that are not retired, by key."""
        ...

    def save(self, cameras: Sequence[Camera]) -> None:
        """Insert or overwrite."""
        ...

    def add_facts(self, facts: Sequence[CameraFact]) -> None:
        """Append."""
        ...

    def find(self, page: PageRequest) -> Page[Camera]:
        """Not retired, by key."""
        ...

    def neediest(self, limit: int) -> Sequence[Camera]:
        """Not retired: offline, degraded, unknown, online, each by key."""
        ...

    def counts(self) -> Mapping[CameraState, int]:
        """How many are in each state, without retired ones; states of none are left out."""
        ...

    def facts(self, camera: str, page: PageRequest, start: datetime | None, end: datetime | None) -> Page[CameraFact]:
        """Newest recorded first; those recorded at or after `start` and before `end`."""
        ...


class CommandStore(Protocol):
    """Commands."""

    def add(self, record: CommandRecord) -> None:
        """Insert."""
        ...

    def get(self, ids: Sequence[str]) -> Mapping[str, CommandRecord]:
        """By id."""
        ...

    def save(self, records: Sequence[CommandRecord]) -> None:
        """Overwrite."""
        ...

    def unfinished(self, limit: int) -> Sequence[CommandRecord]:
        """Requested and accepted ones, oldest first."""
        ...
