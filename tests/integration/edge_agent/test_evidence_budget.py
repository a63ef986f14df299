"""The day's bytes over a real connection: what fits goes, the rest waits for midnight, failed sendings count too."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from edge_agent.core.evidence.daily_budget import rank_of
from edge_agent.link.evidence import EvidenceShelf, sent_on
from edge_agent.link.evidence_upload import EvidenceUpload
from edge_agent.link.store import EdgeStore
from edge_agent.video.evidence_folder import EvidenceFolder
from protocol.configuration import AgentConfig
from protocol.joining import Connection
from protocol.messages import EvidenceKind, HeartbeatMessage
from tests.support.edge_box import SCRIPT_CAMERA, EdgeBox
from tests.support.mosquitto import Mosquitto
from tests.support.processes import Processes
from tests.support.scripted_central import BOX, SECRET, SITE, EvidenceServer, ScriptedCentral
from tests.support.until import until

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
EPOCH = "0123456789abcdef"
PER_DAY, SIZE = 1_000_000, 300_000
CONFIG = AgentConfig.model_validate(
    {
        "site": SITE,
        "box": BOX,
        "cameras": [{"id": "c", "url": "rtsp://h/x"}],
        "outbox": {"disk_free_bytes_min": 0},
        "uplink": {"evidence_bytes_per_day": PER_DAY},
    }
)


class Day:
    """The site's calendar, as a test turns it."""

    def __init__(self) -> None:
        self.today = NOW.date()

    def __call__(self) -> date:
        return self.today


@contextmanager
def uploading(folder: Path, server: EvidenceServer, day: Day) -> Iterator[tuple[EdgeStore, EvidenceShelf]]:
    store = EdgeStore(folder, EPOCH)
    shelf = EvidenceShelf(store, day, PER_DAY)
    connection = Connection.model_validate(
        {"site": SITE, "box": BOX, "central_url": server.url, "mqtt_host": "h", "mqtt_port": 1, "secret": SECRET}
    )
    upload = EvidenceUpload(connection, shelf, CONFIG, lambda: 0.0, lambda _: None)
    upload.start()
    try:
        yield store, shelf
    finally:
        upload.stop(within_s=10)
        store.close()


def put(shelf: EvidenceShelf, number: int, kind: EvidenceKind) -> str:
    content = hashlib.sha256(str(number).encode()).digest() * (SIZE // 32)
    ref = EvidenceFolder(shelf.folder).keep(content, NOW, kind)
    shelf.add(ref, rank_of(kind))
    return ref.sha256


def test_what_does_not_fit_waits_for_midnight(tmp_path: Path) -> None:
    day = Day()
    with EvidenceServer() as server, uploading(tmp_path, server, day) as (store, shelf):
        raised = [put(shelf, number, EvidenceKind.RAISED) for number in range(3)]
        ended = put(shelf, 3, EvidenceKind.ENDED)
        until(lambda: set(raised) <= set(server.stored), what="the first pictures")
        assert ended not in server.stored
        assert sent_on(store, day.today) == 3 * (SIZE // 32) * 32
        day.today += timedelta(days=1)
        until(lambda: ended in server.stored, what="the picture of yesterday")


def test_what_was_sent_in_vain_counts_too(tmp_path: Path) -> None:
    day = Day()
    with EvidenceServer() as server, uploading(tmp_path, server, day) as (store, shelf):
        server.status = 503
        put(shelf, 1, EvidenceKind.RAISED)
        until(lambda: sent_on(store, day.today) >= 3 * (SIZE // 32) * 32, what="three tries")
        server.status = None
        tries = len(server.requests)
        until(lambda: shelf.next_pending() is None, what="the day's end")
        assert server.stored == {}
        assert len(server.requests) <= tries + 2


def test_the_heartbeat_tells_what_was_used_and_what_there_is(
    tmp_path: Path, start_process: Processes, mosquitto: Mosquitto
) -> None:
    with EvidenceServer() as server, ScriptedCentral(mosquitto.port) as central:
        box = EdgeBox(tmp_path / "box", start_process, mosquitto.port, server.url)
        box.configure([SCRIPT_CAMERA], f"uplink: {{evidence_bytes_per_day: {PER_DAY}}}")
        agent = box.start_script(6, 2.0, 1, "--pictures")

        def told() -> bool:
            beats: list[HeartbeatMessage] = list(central.received.heartbeats)
            sent_bytes = sum(len(content) for content in server.stored.values())
            return bool(beats) and 0 < sent_bytes == beats[-1].data.outbox.evidence_bytes_today

        until(told, within_s=60, what="a heartbeat with the day's bytes")
        figures = central.received.heartbeats[-1].data.outbox
        assert figures.evidence_bytes_per_day == PER_DAY
        assert agent.stop() == 0
