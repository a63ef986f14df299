"""Port: what gives the agent its scenes and camera states. Real cameras, or a script in a delivery test."""

from threading import Event
from typing import Protocol

from edge_agent.core.commands import Obey
from edge_agent.link.commands import CommandDesk
from edge_agent.link.recorder import Recorder
from protocol.messages import CameraStatus, ModelDescription


class Cameras(Protocol):
    """`run` belongs to the main thread; the other methods may be called from any thread at any time."""

    def run(self, recorder: Recorder, desk: CommandDesk, stop: Event) -> None:
        """Hand facts to `recorder` and pictures to `desk` until `stop` is set; then leave nothing running."""
        ...

    def statuses(self) -> tuple[CameraStatus, ...]:
        """State of every camera now."""
        ...

    def models(self) -> tuple[ModelDescription, ...]:
        """Detectors in use."""
        ...

    def process_ids(self) -> tuple[int, ...]:
        """Processes besides the main one."""
        ...

    def obey(self, order: Obey) -> None:
        """Take a picture; the answer goes to the desk."""
        ...
