"""The smallest configuration stays valid; mistakes are refused with words a technician understands."""

from typing import Any

import pytest
from pydantic import ValidationError

from protocol.configuration import AgentConfig
from protocol.joining import Connection

WHOLE = [[0, 0], [1, 0], [1, 1], [0, 1]]


def smallest(**camera: Any) -> dict[str, Any]:  # noqa: ANN401 - builds JSON
    rule = {"scene": "stay", "labels": ["person"], "dwell_s": 5}
    zone = {"id": "z1", "polygon": WHOLE, "rules": [rule]}
    return {
        "site": "s1",
        "box": "b1",
        "cameras": [{"id": "cam-1", "url": "rtsp://127.0.0.1/x", "zones": [zone]} | camera],
    }


def test_the_smallest_configuration_is_valid() -> None:
    config = AgentConfig.model_validate(smallest())
    rule = config.cameras[0].zones[0].rules[0]
    assert (rule.scene, rule.labels, rule.dwell_s, rule.grace_s) == ("stay", ("person",), 5.0, 2.0)


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (smallest() | {"box": "central"}, "reserved"),
        (smallest() | {"cameras": []}, "at least 1"),
        (smallest() | {"camera": []}, "Extra inputs"),
        (smallest(zones=[{"id": "z1", "polygon": WHOLE}] * 2), "used twice: z1"),
        ({**smallest(), "cameras": smallest()["cameras"] * 2}, "used twice: cam-1"),
        (smallest(url="http://x"), "camera address"),
        (smallest(analysis_fps=0), "greater than or equal"),
        (
            smallest(
                zones=[{"id": "z1", "polygon": WHOLE, "rules": [{"scene": "fly", "labels": ["a"], "dwell_s": 1}]}]
            ),
            "stay",
        ),
    ],
)
def test_mistakes_are_refused_in_words(raw: dict[str, Any], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        AgentConfig.model_validate(raw)


def test_a_connection_shows_its_secret_only_where_it_is_written() -> None:
    connection = Connection(
        site="s1",
        box="b1",
        central_url="http://127.0.0.1:8080",
        mqtt_host="127.0.0.1",
        mqtt_port=1883,
        secret="hunter2",
    )
    assert "hunter2" not in repr(connection)
    assert "hunter2" not in str(connection)
    assert "hunter2" in connection.model_dump_json()


def test_central_urls_carry_no_password() -> None:
    with pytest.raises(ValidationError):
        Connection(site="s1", box="b1", central_url="http://u:p@h", mqtt_host="h", mqtt_port=1883, secret="x")
