"""Envelopes: who speaks, when, and as which message."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypedDict

from edge_agent.core.clock import Clock
from protocol.identifiers import scene_event_id, uuid7
from protocol.messages import (
    Birth,
    BirthMessage,
    BoxState,
    BoxStateReport,
    CameraMessage,
    CameraTransition,
    CommandResult,
    Envelope,
    GapMessage,
    GapRecord,
    Heartbeat,
    HeartbeatMessage,
    ResultMessage,
    SceneEvent,
    SceneMessage,
    StateMessage,
    dataschema_of,
    source,
)

UUID_RANDOM_BYTES = 10
Report = SceneMessage | CameraMessage | GapMessage
"""What goes through the outbox."""


class _Head(TypedDict):
    id: str
    source: str
    time: datetime
    dataschema: str
    boot: int
    mono: str


@dataclass(frozen=True, slots=True)
class Envelopes:
    """Makes this start's messages. `random_bytes(n)` feeds the ids; `started_s` is the monotonic time of the start."""

    site: str
    box: str
    boot: int
    clock: Clock
    started_s: float
    random_bytes: Callable[[int], bytes]

    def scene(self, event: SceneEvent) -> SceneMessage:
        """A scene report; its id follows from the episode, so that the same report twice is one."""
        identity = scene_event_id(event.episode, event.update)
        return SceneMessage(**self._head(SceneMessage, identity), subject=event.camera, data=event)

    def camera(self, transition: CameraTransition) -> CameraMessage:
        """A camera's change of state."""
        return CameraMessage(**self._head(CameraMessage), subject=transition.camera, data=transition)

    def gap(self, record: GapRecord) -> GapMessage:
        """A counted loss."""
        return GapMessage(**self._head(GapMessage), data=record)

    def state(self, state: BoxState) -> StateMessage:
        """State of the box."""
        return StateMessage(**self._head(StateMessage), data=BoxStateReport(state=state))

    def birth(self, birth: Birth) -> BirthMessage:
        """The box introduces itself."""
        return BirthMessage(**self._head(BirthMessage), data=birth)

    def heartbeat(self, heartbeat: Heartbeat) -> HeartbeatMessage:
        """Sign of life."""
        return HeartbeatMessage(**self._head(HeartbeatMessage), data=heartbeat)

    def result(self, result: CommandResult) -> ResultMessage:
        """Answer to a command."""
        return ResultMessage(**self._head(ResultMessage), data=result)

    def _head(self, message_class: type[Envelope], identity: str | None = None) -> _Head:
        now = self.clock.now()
        return {
            "id": identity or uuid7(now, self.random_bytes(UUID_RANDOM_BYTES)),
            "source": source(self.site, self.box),
            "time": now,
            "dataschema": dataschema_of(message_class),
            "boot": self.boot,
            "mono": str(int((self.clock.mono_s() - self.started_s) * 1000)),
        }
