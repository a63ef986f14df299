"""What the link's thread hears when more comes than it can take."""

from edge_agent.link.inbox import Inbox
from edge_agent.link.mqtt_session import Arrived, Parted

ENDED = Parted("the connection ended")


def flooded(most: int) -> Inbox:
    inbox = Inbox(most)
    for number in range(3 * most):
        inbox.put(Arrived(f"down/cmd/{number}", b"", retained=False))
    return inbox


def test_a_flood_does_not_hide_the_end_of_the_session() -> None:
    inbox = flooded(4)
    inbox.put(ENDED)
    heard = [inbox.get(0) for _ in range(5)]
    assert [one.topic for one in heard if isinstance(one, Arrived)] == ["down/cmd/1", "down/cmd/2", "down/cmd/3"]
    assert heard[3:] == [ENDED, None]


def test_what_was_left_from_another_session_is_forgotten() -> None:
    inbox = flooded(4)
    inbox.clear()
    assert inbox.get(0) is None
