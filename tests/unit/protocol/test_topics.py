"""Topics: what is built is parsed back; what is foreign is refused."""

import pytest

from protocol import topics
from protocol.channels import CHANNELS
from protocol.errors import UnknownTopic
from protocol.topics import Down, Up, UpTopic


@pytest.mark.parametrize("kind", [kind for kind in Up if kind is not Up.RESULT])
def test_up_topics_round_trip(kind: Up) -> None:
    assert topics.parse_up(topics.up("s1", "b1", kind)) == UpTopic("s1", "b1", kind)


def test_results_carry_their_command() -> None:
    assert topics.parse_up(topics.result("s1", "b1", "c-9")) == UpTopic("s1", "b1", Up.RESULT, "c-9")


def test_down_topics_round_trip() -> None:
    assert topics.parse_down("s1", "b1", topics.down("s1", "b1", Down.ACK)) == (Down.ACK, None)
    assert topics.parse_down("s1", "b1", topics.command("s1", "b1", "c-9")) == (Down.COMMAND, "c-9")


@pytest.mark.parametrize(
    "topic",
    [
        "",
        "gw/v1/s1/b1/up",
        "gw/v1/s1/b1/up/nothing",
        "gw/v1/s1/b1/up/res",
        "gw/v1/s1/b1/up/res/",
        "gw/v1/s1/b1/up/event/more",
        "gw/v2/s1/b1/up/event",
        "gw/v1/S1/b1/up/event",
        "gw/v1/s1/+/up/event",
        "gw/v1/s1/b1/down/ack",
        "other/v1/s1/b1/up/event",
    ],
)
def test_foreign_topics_are_refused(topic: str) -> None:
    with pytest.raises(UnknownTopic):
        topics.parse_up(topic)


@pytest.mark.parametrize("topic", ["gw/v1/s1/b2/down/ack", "gw/v1/s1/b1/down/cmd", "gw/v1/s1/b1/down/zzz", "x"])
def test_a_box_reads_its_own_down_topics_only(topic: str) -> None:
    with pytest.raises(UnknownTopic):
        topics.parse_down("s1", "b1", topic)


def test_no_topic_is_deeper_than_eight_levels_and_addresses_are_unique() -> None:
    addresses = [channel.address for channel in CHANNELS]
    assert len(set(addresses)) == len(addresses)
    assert all(address.count("/") <= 7 for address in addresses)
