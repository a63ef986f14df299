"""Files that are no connection: told in a sentence that does not quote them."""

from pathlib import Path

import pytest

from edge_agent.link.connection import FILE_BYTES_MAX, ConnectionRefused, read_connection
from protocol.configuration import AgentConfig

CONFIG = AgentConfig.model_validate({"site": "s1", "box": "b1", "cameras": [{"id": "c1", "url": "rtsp://h/x"}]})
BAD = {
    "deep": "secret: " + "[" * 3_000,
    "within itself": "&a {secret: *a}",
    "no text": "\0",
    "a list": "- secret",
    "a secret that no login carries": "site: s1\nbox: b1\ncentral_url: http://h\nmqtt_host: h\n"
    "mqtt_port: 1\nsecret: 街道\n",
    "endless": "#" * (FILE_BYTES_MAX + 1),
}


@pytest.mark.parametrize("case", BAD)
def test_what_is_no_connection_is_told(tmp_path: Path, case: str) -> None:
    path = tmp_path / "connection.yaml"
    path.write_text(BAD[case], encoding="utf-8")
    with pytest.raises(ConnectionRefused, match="not a connection file"):
        read_connection(path, CONFIG)


def test_an_endless_file_is_not_read_to_its_end() -> None:
    with pytest.raises(ConnectionRefused, match="not a connection file"):
        read_connection(Path("/dev/zero"), CONFIG)
