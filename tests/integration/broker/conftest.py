"""The embedded broker behaves the same whichever program it is: Mosquitto or the hardened amqtt."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from protocol import topics
from tests.support.embedded_broker import EmbeddedBroker
from tests.support.mqtt_talker import Talker
from tests.support.need import need_program
from tests.support.processes import Processes


@pytest.fixture(params=["mosquitto", "amqtt"])
def broker(request: pytest.FixtureRequest, tmp_path: Path, start_process: Processes) -> EmbeddedBroker:
    if request.param == "mosquitto":
        need_program("mosquitto")
    return EmbeddedBroker(tmp_path, request.param, start_process)


@pytest.fixture
def central(broker: EmbeddedBroker) -> Iterator[Talker]:
    with broker.central() as talker:
        talker.subscribe(topics.up_all())
        yield talker
