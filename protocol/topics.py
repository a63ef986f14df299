"""Every MQTT topic of the product. Nothing else spells a topic."""

from dataclasses import dataclass
from enum import StrEnum

from protocol.errors import UnknownTopic
from protocol.identifiers import CENTRAL_BOX_ID, is_id

ROOT = "gw/v1"


class Up(StrEnum):
    """What a box sends below its own `up/`."""

    STATE = "state"
    BIRTH = "birth"
    HEARTBEAT = "hb"
    EVENT = "event"
    CONFIG = "cfg"
    RESULT = "res"


class Down(StrEnum):
    """What central sends to one box below its `down/`."""

    ACK = "ack"
    CONFIG = "cfg"
    COMMAND = "cmd"


@dataclass(frozen=True, slots=True)
class UpTopic:
    """A parsed topic of a box's own messages; `command` is set for results only."""

    site: str
    box: str
    kind: Up
    command: str | None = None


def up(site: str, box: str, kind: Up) -> str:
    """Topic on which `box` sends `kind` (not for results: see `result`)."""
    return f"{ROOT}/{site}/{box}/up/{kind}"


def result(site: str, box: str, command: str) -> str:
    """Topic of the results of one command."""
    return f"{ROOT}/{site}/{box}/up/{Up.RESULT}/{command}"


def down(site: str, box: str, kind: Down) -> str:
    """Topic on which central sends `kind` to `box` (not for commands: see `command`)."""
    return f"{ROOT}/{site}/{box}/down/{kind}"


def command(site: str, box: str, command_id: str) -> str:
    """Topic of one command."""
    return f"{ROOT}/{site}/{box}/down/{Down.COMMAND}/{command_id}"


def down_all(site: str, box: str) -> str:
    """Filter of everything that central sends to `box`."""
    return f"{ROOT}/{site}/{box}/down/#"


def up_own(site: str, box: str) -> str:
    """Filter of everything that `box` may send: its write permission."""
    return f"{ROOT}/{site}/{box}/up/#"


def up_all() -> str:
    """Filter of everything that all boxes send: central's subscription."""
    return f"{ROOT}/+/+/up/#"


def down_any() -> str:
    """Filter of everything that central may send to boxes: its write permission."""
    return f"{ROOT}/+/+/down/#"


def central_state(site: str) -> str:
    """Retained topic that tells the boxes of `site` whether central is there."""
    return f"{ROOT}/{site}/{CENTRAL_BOX_ID}/state"


def central_state_all() -> str:
    """Filter of central's own state on every site: its write permission."""
    return f"{ROOT}/+/{CENTRAL_BOX_ID}/state"


def parse_up(topic: str) -> UpTopic:
    """Take a box's topic apart; raises `UnknownTopic`."""
    parts = topic.split("/")
    match parts:
        case ["gw", "v1", site, box, "up", kind] if kind in set(Up) - {Up.RESULT}:
            parsed = UpTopic(site, box, Up(kind))
        case ["gw", "v1", site, box, "up", Up.RESULT.value, command_id] if command_id:
            parsed = UpTopic(site, box, Up.RESULT, command_id)
        case _:
            raise UnknownTopic("not a topic of a box")
    if not (is_id(parsed.site) and is_id(parsed.box)):
        raise UnknownTopic("site or box is not a valid id")
    return parsed


def parse_down(site: str, box: str, topic: str) -> tuple[Down, str | None]:
    """Kind (and command id) of a topic below this box's own `down/`; raises `UnknownTopic`."""
    parts = topic.removeprefix(f"{ROOT}/{site}/{box}/down/").split("/")
    match parts:
        case [Down.COMMAND.value, command_id] if command_id:
            return Down.COMMAND, command_id
        case [kind] if kind in {Down.ACK, Down.CONFIG}:
            return Down(kind), None
        case _:
            raise UnknownTopic("not a topic that central sends to this box")
