"""From the street to the verdict: a simulated camera, the real box, the real central; one sent back, one passed."""

import json
import re
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import urllib3

from tests.support.installation import GRIDWARDEN, REPOSITORY, Installation
from tests.support.pictures import PICTURE, PICTURE_SHA
from tests.support.ports import LOOPBACK, free_port
from tests.support.processes import Process
from tests.support.until import until

TOKEN = re.compile(r"gw_[A-Za-z0-9_-]{43}")
UNIT = "sanitation"
ROUND_S = 180.0
"""The scene lasts 90 s, its stall stands from second 8 to 45; a slow machine may need another round."""
CHECK = (
    "camera_check: {look_s: 5, clear_min: 0.1, every_s: 5, frames_min: 3, light_min: 20, closes: true}\n"
    "evidence: {disk_free_bytes_min: 1000000}\n"
)


class Street:
    """A street before a camera, watched by a box that central commands; `api` asks as the operator."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation
        self._http = urllib3.PoolManager(timeout=10.0, retries=False)
        self._tokens = {
            "operator": self._person("operator"),
            "department": self._person("department", "--unit", UNIT),
        }

    def _person(self, role: str, *more: str) -> str:
        said = self._installation.run(
            "central", "actor", "add", role, "--role", role, *more, "--config", str(self._installation.config)
        )
        found = TOKEN.search(said)
        assert found is not None, said
        return found[0]

    def api(self, method: str, path: str, body: object = None, who: str = "operator", **headers: str) -> Any:  # noqa: ANN401 - JSON
        """Ask central; its answer."""
        url = f"http://{LOOPBACK}:{self._installation.http_port}/api/v1/{path}"
        sent = {"Authorization": f"Bearer {self._tokens[who]}", "Content-Type": "application/json", **headers}
        data = body if isinstance(body, bytes) else None if body is None else json.dumps(body).encode()
        answer = self._http.request(method, url, body=data, headers=sent)
        assert answer.status < 300, (path, answer.status, answer.data)
        return answer.json() if answer.data else None

    def act(self, case: str, action: str, who: str = "operator", **more: object) -> None:
        """Take an action."""
        version = self.api("GET", f"cases/{case}")["version"]
        body = {"action": action, **more}
        self.api("POST", f"cases/{case}/actions", body, who, **{"If-Match": f'"{version}"'})

    def case(self, case: str) -> Any:  # noqa: ANN401 - JSON
        """A case with everything about it."""
        return self.api("GET", f"cases/{case}")

    def upload(self) -> str:
        """The handler's photo."""
        self.api("PUT", f"evidence/{PICTURE_SHA}", PICTURE, "department", **{"Content-Type": "image/jpeg"})
        return PICTURE_SHA


@pytest.fixture
def street(tmp_path: Path) -> Iterator[Street]:
    installation = Installation(tmp_path / "site", kind="amqtt")
    installation.config.write_text(installation.config.read_text() + CHECK)
    port = free_port()
    with installation:
        installation.await_health()
        folder = installation.join("box-1")
        model = files("provisioning.detector").joinpath("street.onnx")
        zone = (
            "{id: pavement, name: 人行道, polygon: [[0, 0], [1, 0], [1, 1], [0, 1]], "
            "rules: [{scene: stay, labels: [stall], dwell_s: 4, silence_s: 5}]}"
        )
        (folder / "edge.yaml").write_text(
            f"site: s1\nbox: box-1\nmodel: {{path: {model}}}\noutbox: {{disk_free_bytes_min: 1000000}}\n"
            f'cameras: [{{id: cam-1, url: "rtsp://{LOOPBACK}:{port}/cam-1", name: 东侧枪机, place: 人民路口, '
            f"analysis_fps: 2, zones: [{zone}]}}]\n",
            encoding="utf-8",
        )
        play = ("--scene", "street", "--seed", "1", "--size", "640x360", "--fps", "10", "--loop")
        camera = ("provision", "simulate-camera", "--port", str(port), "--path", "cam-1", *play)
        agent = ("edge", "run", "--config", str(folder / "edge.yaml"))
        with (
            Process((*GRIDWARDEN, *camera), tmp_path, name="camera", cwd=REPOSITORY),
            Process((*GRIDWARDEN, *agent), tmp_path, name="agent", cwd=REPOSITORY),
        ):
            yield Street(installation)


def test_the_camera_sends_back_what_still_stands_and_closes_what_has_gone(street: Street) -> None:
    found = until(lambda: street.api("GET", "cases?status=candidate")["items"], within_s=ROUND_S, what="a candidate")
    case = found[0]["id"]
    street.act(case, "confirm")
    street.act(case, "register", condition="占道超过 4 秒")
    photo = street.upload()

    def done() -> None:
        street.act(case, "dispatch", unit=UNIT)
        street.act(case, "take", "department")
        until(lambda: street.case(case)["ended"] is wanted_ended, within_s=ROUND_S, what="the stall as wanted")
        street.act(case, "submit", "department", evidence=[photo])

    wanted_ended = False
    done()
    until(lambda: street.case(case)["status"] == "registered", within_s=60, what="sent back by the camera")
    first = street.case(case)["camera_checks"][-1]
    assert (first["word"], first["proven"]) == ("still_there", True)

    wanted_ended = True
    done()
    until(lambda: street.case(case)["status"] == "closed", within_s=60, what="closed by the camera")
    after = street.case(case)
    second = after["camera_checks"][-1]
    assert (second["word"], second["proven"], after["state"]["reworks"]) == ("clear", True, 1)
    assert all(point["holds"] for point in second["points"])
    assert second["observed_share"] > 0.7
    for sha256 in (*first["pictures"], *second["pictures"]):
        assert sha256 in {item["sha256"] for item in after["evidence"] if item["state"] == "stored"}
    lines = street.api("GET", f"cases/{case}/history")["items"]
    told = [(line["kind"], line["actor_kind"], line["actor"]) for line in lines]
    assert ("fail", "box", "box-1") in told
    assert ("pass", "box", "box-1") in told
    assert told[-1] == ("close", "rule", "camera_check")
