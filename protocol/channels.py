"""The table of channels: who sends what where, and how. Documents, permissions and tests are derived from it."""

from dataclasses import dataclass

from protocol import topics
from protocol.messages import (
    BirthMessage,
    CameraMessage,
    CentralMessage,
    CommandMessage,
    ConfigMessage,
    Envelope,
    GapMessage,
    HeartbeatMessage,
    ResultMessage,
    SceneMessage,
    StateMessage,
    WatermarkMessage,
)
from protocol.topics import Down, Up


@dataclass(frozen=True, slots=True)
class Channel:
    """One row: `address` with `{site}`, `{box}`, `{command}` in it."""

    name: str
    address: str
    sender: str
    qos: int
    retained: bool
    messages: tuple[type[Envelope], ...]
    purpose: str


CHANNELS = (
    Channel(
        "state",
        topics.up("{site}", "{box}", Up.STATE),
        "box (and its will)",
        qos=1,
        retained=True,
        messages=(StateMessage,),
        purpose="online, stopping or lost; a death counts only if its boot is that of the last birth",
    ),
    Channel(
        "birth",
        topics.up("{site}", "{box}", Up.BIRTH),
        "box",
        qos=1,
        retained=False,
        messages=(BirthMessage,),
        purpose="versions, models, cameras, sequence; sent first after each connect",
    ),
    Channel(
        "heartbeat",
        topics.up("{site}", "{box}", Up.HEARTBEAT),
        "box",
        qos=0,
        retained=False,
        messages=(HeartbeatMessage,),
        purpose="figures of the box and the state of each camera, every 15 s",
    ),
    Channel(
        "event",
        topics.up("{site}", "{box}", Up.EVENT),
        "box",
        qos=1,
        retained=False,
        messages=(SceneMessage, CameraMessage, GapMessage),
        purpose="what must not be lost: kept in the box's outbox until central's watermark has passed it",
    ),
    Channel(
        "config-report",
        topics.up("{site}", "{box}", Up.CONFIG),
        "box",
        qos=1,
        retained=True,
        messages=(ConfigMessage,),
        purpose="which configuration the box runs",
    ),
    Channel(
        "result",
        topics.result("{site}", "{box}", "{command}"),
        "box",
        qos=1,
        retained=False,
        messages=(ResultMessage,),
        purpose="accepted, then done, failed or expired; answered again, not done again",
    ),
    Channel(
        "watermark",
        topics.down("{site}", "{box}", Down.ACK),
        "central",
        qos=1,
        retained=False,
        messages=(WatermarkMessage,),
        purpose="everything up to here is committed: the box may delete it",
    ),
    Channel(
        "command",
        topics.command("{site}", "{box}", "{command}"),
        "central",
        qos=1,
        retained=False,
        messages=(CommandMessage,),
        purpose="do this before the deadline",
    ),
    Channel(
        "central-state",
        topics.central_state("{site}"),
        "central (and its will)",
        qos=1,
        retained=True,
        messages=(CentralMessage,),
        purpose="whether central is there; republished every 15 s, boxes hold back replay after 45 s of silence",
    ),
)
