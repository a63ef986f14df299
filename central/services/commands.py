"""Commands to boxes: asked for, published, answered, expired."""

from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta

from central.core.access import Permission, may
from central.core.fleet.devices import CommandRecord, is_overdue
from central.core.values import Actor, CommandState, RandomBytes
from central.services.fleet import BoxUnknown
from central.stores.ports import Stores
from protocol.geometry import Box
from protocol.identifiers import camera_key, uuid7
from protocol.messages import Command, CommandName

TIMEOUT_S_MAX = 3600.0
UNFINISHED_MAX = 1000


@dataclass(frozen=True, slots=True)
class LookPlace:
    """Where to look, and for how long: a zone, and in it what `scene` is about, and what is at `box`."""

    zone: str
    scene: str | None = None
    seconds: float = 10.0
    box: Box | None = None
    stood_at: datetime | None = None


class CommandRefused(ValueError):
    """The command cannot be given; the text says why."""


class CommandUnknown(LookupError):
    """There is no such command."""


class Commands:
    """Results arrive through `Reception`."""

    def __init__(self, stores: Stores) -> None:
        self._stores = stores

    def request(  # noqa: PLR0913 - a command is all of this
        self,
        box: str,
        name: CommandName,
        actor: Actor,
        *,
        now: datetime,
        random: RandomBytes,
        camera: str | None = None,
        place: LookPlace | None = None,
        timeout_s: float = 30.0,
    ) -> CommandRecord:
        """Record a command; it is published by whoever empties `unpublished`. `camera` is the id within the box.

        `place` says where to `look`; its seconds must fit into `timeout_s`.

        Raises `BoxUnknown`, `CommandRefused` (unknown camera, time-out, role viewer).
        """
        if not may(actor.role, Permission.TEND):
            raise CommandRefused("your role may only look; ask an operator or a technician")
        if name is CommandName.JUDGED:
            raise CommandRefused("what people decide is told to the box by itself; decide about the case")
        if (name is CommandName.LOOK) is not (place is not None):
            raise CommandRefused("`look`, and only `look`, needs a zone")
        if place is not None and place.seconds >= timeout_s:
            raise CommandRefused("the box cannot answer in time: `seconds` must be less than `timeout_s`")
        if not 0 < timeout_s <= TIMEOUT_S_MAX:
            raise CommandRefused(f"timeout_s is more than 0 and at most {TIMEOUT_S_MAX:g}")
        command = Command(
            command=uuid7(now, random(10)),
            name=name,
            camera=camera,
            deadline=now + timedelta(seconds=timeout_s),
            **(asdict(place) if place is not None else {}),
        )
        with self._stores.writing() as unit:
            known = unit.boxes.get([box]).get(box)
            if known is None:
                raise BoxUnknown("there is no such box")
            if camera is None or not unit.cameras.get([camera_key(box, camera)]):
                raise CommandRefused(f"{name} needs the id of a camera of this box")
            record = CommandRecord(command, known.site, box, CommandState.REQUESTED, actor.name, now, now)
            unit.commands.add(record)
        return record

    def unpublished(self, now: datetime) -> tuple[CommandRecord, ...]:
        """Commands to be sent now, oldest first; those past their deadline become expired instead."""
        with self._stores.reading() as unit:
            waiting = unit.commands.unfinished(UNFINISHED_MAX)
        late = [record for record in waiting if is_overdue(record, now)]
        if late:
            self._expire([record.command.command for record in late], now)
        return tuple(
            record
            for record in waiting
            if record.published_at is None and record.state is CommandState.REQUESTED and record not in late
        )

    def published(self, command: str, now: datetime) -> None:
        """Note that the broker has it."""
        with self._stores.writing() as unit:
            record = unit.commands.get([command]).get(command)
            if record is not None:
                unit.commands.save([replace(record, published_at=now, updated_at=now)])

    def command(self, box: str, command: str) -> CommandRecord:
        """One command of a box; raises `CommandUnknown`."""
        with self._stores.reading() as unit:
            record = unit.commands.get([command]).get(command)
        if record is None or record.box != box:
            raise CommandUnknown("there is no such command")
        return record

    def _expire(self, ids: list[str], now: datetime) -> None:
        with self._stores.writing() as unit:
            late = [record for record in unit.commands.get(ids).values() if is_overdue(record, now)]
            unit.commands.save([replace(record, state=CommandState.EXPIRED, updated_at=now) for record in late])
