"""How soon a camera's fault is told: from the fault to the report at central, over a real broker and a real camera.

`python bench/camera_faults.py`; prints one JSON object. Targets: `stalled_s` 12, `refused_s` 3, `auth_failed_s` 3.
"""

import json
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.support.edge_box import EdgeBox
from tests.support.mosquitto import OPEN_TO_ALL, Mosquitto
from tests.support.processes import Processes, processes_in
from tests.support.rtsp_server import STREAM, Credentials, RtspServer, pattern_stream
from tests.support.scripted_central import ScriptedCentral

WITHIN_S = 60.0


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, processes_in(Path(folder) / "processes") as start:
        print(json.dumps(measure(Path(folder), start)))


def measure(folder: Path, start: Processes) -> dict[str, float]:
    camera = RtspServer(start, {STREAM: pattern_stream(width=1280, height=720)}, Credentials("viewer", "right"))
    broker = Mosquitto(start, OPEN_TO_ALL)
    box = EdgeBox(folder / "box", start, broker.port)
    wrong = camera.url(password="wrong")  # noqa: S106 - made up
    box.configure([f'{{id: good, url: "{camera.url()}"}}', f'{{id: locked, url: "{wrong}"}}'])
    with ScriptedCentral(broker.port) as central:
        box.start()
        central.wait_for_state("good", "online", within_s=WITHIN_S)
        locked = central.wait_for_state("locked", "offline", "auth_failed", within_s=WITHIN_S)
        opened = central.received.births[0].time
        found = {"auth_failed_s": round((locked.data.since - opened).total_seconds(), 2)}
        found["stalled_s"] = told_after(central, camera.freeze, "stalled")
        camera.thaw()
        back_s = time.monotonic()
        central.wait_for_state("good", "online", within_s=WITHIN_S)
        found["recovered_s"] = round(time.monotonic() - back_s, 2)
        time.sleep(6)
        found["refused_s"] = told_after(central, camera.kill, "refused")
        return found


def told_after(central: ScriptedCentral, fault: object, reason: str) -> float:
    began_s = time.monotonic()
    fault()  # type: ignore[operator]
    central.wait_for_state("good", "offline", reason, within_s=WITHIN_S)
    return round(time.monotonic() - began_s, 2)


if __name__ == "__main__":
    main()
