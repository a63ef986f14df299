"""One batch of messages in one transaction: sort, decide, write, count."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from central.core.cases.intake import IntakePolicy
from central.core.fleet.admission import Admitted, DeviceMessage, EventMessage, Refused
from central.core.fleet.devices import Box, SeriesPoint, answered
from central.core.values import Event, WatermarkDue
from central.services.desks.cases import CaseDesk, SceneReport, scene_report
from central.services.desks.devices import DeviceDesk
from central.services.desks.inbox import InboxDesk
from central.stores.ports import EvidenceLink, Unit
from protocol.identifiers import camera_key
from protocol.messages import (
    BirthMessage,
    CameraMessage,
    ConfigMessage,
    GapMessage,
    HeartbeatMessage,
    ResultMessage,
    SceneMessage,
    StateMessage,
    UnknownMessage,
)

_OF_DEVICES = (BirthMessage, HeartbeatMessage, StateMessage, CameraMessage)


class UnknownCommand(ValueError):
    """A box answers what it was not asked."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a committed batch was; `alive` boxes were heard, `points` are to be written to the series."""

    committed: int
    duplicates: int
    dead: int
    watermarks: tuple[WatermarkDue, ...]
    alive: frozenset[str]
    points: tuple[SeriesPoint, ...]


class Round:
    """Used once, inside one writing unit."""

    def __init__(self, unit: Unit, policy: IntakePolicy, now: datetime, was_heard: Callable[[str], bool]) -> None:
        self._unit = unit
        self._policy = policy
        self._now = now
        self._was_heard = was_heard

    def run(self, letters: Sequence[Admitted | Refused]) -> Outcome:
        """Deal with all of it; afterwards the unit may commit."""
        boxes = self._unit.boxes.get(sorted(_boxes_of(letters)))
        inbox = InboxDesk(self._unit, self._now, boxes)
        fresh = inbox.sort(letters)
        devices = self._devices(fresh, boxes)
        reports = [_report(one, devices) for one in fresh]
        cases = CaseDesk(self._unit, self._policy, self._now)
        cases.load([report for report in reports if report is not None])
        for one, report in zip(fresh, reports, strict=True):
            case = cases.take(report) if report is not None else None
            self._deal(one, devices, inbox, case)
        cases.flush()
        devices.flush()
        inbox.flush()
        born = [one.topic.box for one in fresh if isinstance(one.message, BirthMessage)]
        return Outcome(
            committed=len(fresh),
            duplicates=inbox.duplicates,
            dead=inbox.dead,
            watermarks=tuple(inbox.watermarks(born)),
            alive=frozenset(devices.alive),
            points=tuple(devices.points),
        )

    def _devices(self, fresh: Sequence[Admitted], boxes: Mapping[str, Box]) -> DeviceDesk:
        devices = DeviceDesk(self._unit, self._now, boxes, self._was_heard)
        devices.load(
            [(one.topic.box, one.message.boot) for one in fresh],
            [one.topic.box for one in fresh if isinstance(one.message, _OF_DEVICES)],
        )
        return devices

    def _deal(self, one: Admitted, devices: DeviceDesk, inbox: InboxDesk, case: str | None) -> None:
        message = one.message
        if isinstance(message, EventMessage):
            self._keep(one, devices, inbox, case)
            self._consider(one, message, devices, inbox, case)
        else:
            self._listen(one, message, devices, inbox)

    def _consider(
        self, one: Admitted, message: EventMessage, devices: DeviceDesk, inbox: InboxDesk, case: str | None
    ) -> None:
        box = one.topic.box
        match message:
            case SceneMessage():
                for ref in message.data.evidence:
                    inbox.keep_link(EvidenceLink(ref, box, event=message.id, case=case))
            case CameraMessage():
                devices.transition(box, message, devices.corrected(box, message, one.delivery.received_at))
                if message.data.last_picture is not None:
                    inbox.keep_link(EvidenceLink(message.data.last_picture, box, event=message.id))
            case GapMessage():
                inbox.keep_gap(box, message.epoch or "", message.data)
            case UnknownMessage():
                pass
            case _:
                assert_never(message)

    def _listen(self, one: Admitted, message: DeviceMessage, devices: DeviceDesk, inbox: InboxDesk) -> None:
        box, delivery = one.topic.box, one.delivery
        match message:
            case BirthMessage():
                devices.birth(box, message, delivery)
            case HeartbeatMessage():
                devices.heartbeat(box, message, delivery)
            case StateMessage():
                devices.state(box, message, delivery)
            case ConfigMessage():
                devices.config(box, message)
            case ResultMessage():
                self._answer(box, message, inbox)
            case _:
                assert_never(message)

    def _keep(self, one: Admitted, devices: DeviceDesk, inbox: InboxDesk, case: str | None) -> None:
        message, box = one.message, one.topic.box
        scene = message.data if isinstance(message, SceneMessage) else None
        camera = message.data.camera if isinstance(message, SceneMessage | CameraMessage) else None
        event = Event(
            id=message.id,
            box=box,
            epoch=message.epoch or "",
            seq=message.seq or 0,
            type=message.type,
            time=message.time,
            corrected_time=devices.corrected(box, message, one.delivery.received_at),
            received_at=one.delivery.received_at,
            camera=camera_key(box, camera) if camera is not None else None,
            episode=scene.episode if scene is not None else None,
            phase=scene.phase if scene is not None else None,
            case=case,
        )
        inbox.keep(event, one.delivery.payload)

    def _answer(self, box: str, message: ResultMessage, inbox: InboxDesk) -> None:
        record = self._unit.commands.get([message.data.command]).get(message.data.command)
        if record is None or record.box != box:
            raise UnknownCommand("no such command was given to this box")
        self._unit.commands.save([answered(record, message.data, self._now)])
        pictures = dict.fromkeys((message.data.evidence, *message.data.pictures))
        for picture in pictures:
            if picture is not None:
                inbox.keep_link(EvidenceLink(picture, box, command=message.data.command))


def _boxes_of(letters: Sequence[Admitted | Refused]) -> set[str]:
    named = (letter.topic.box if isinstance(letter, Admitted) else letter.letter.box for letter in letters)
    return {box for box in named if box is not None}


def _report(one: Admitted, devices: DeviceDesk) -> SceneReport | None:
    message, box = one.message, one.topic.box
    if not isinstance(message, SceneMessage):
        return None
    return scene_report(box, message, devices.corrected(box, message, one.delivery.received_at))
