"""A whole installation on this machine: broker, central and boxes as real processes, joined as a technician would."""

import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from types import TracebackType
from typing import Self

import urllib3

from tests.support.ports import LOOPBACK, free_port
from tests.support.processes import Process
from tests.support.until import until

REPOSITORY = Path(__file__).parents[2]
START_S = 60.0
GRIDWARDEN = (sys.executable, "-m", "provisioning.main")


class Installation:
    """One central with its broker, and boxes that send scripted events instead of looking at cameras.

    `kind` chooses the embedded broker: mosquitto or amqtt.
    """

    def __init__(self, folder: Path, kind: str = "mosquitto") -> None:
        self.folder = folder
        self.config = folder / "central.yaml"
        self.http_port = free_port()
        self._runs = 0
        self.processes: dict[str, Process] = {}
        self._http = urllib3.PoolManager(timeout=2.0, retries=False)
        folder.mkdir(parents=True, exist_ok=True)
        self.config.write_text(
            f"data_dir: central\n"
            f"listen: {{host: {LOOPBACK}, port: {self.http_port}}}\n"
            f"broker: {{host: {LOOPBACK}, port: {free_port()}, kind: {kind}}}\n"
        )

    def __enter__(self) -> Self:
        self.start_broker()
        self.start_central()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for name in sorted(self.processes, key=lambda name: (name == "broker", name == "central")):
            self.processes[name].stop()
        self._http.clear()

    def start_broker(self) -> None:
        """Start (again) the broker in a process of its own."""
        self._start("broker", (*GRIDWARDEN, "central", "broker", "--config", self.config))

    def start_central(self) -> None:
        """Start (again) central, and return at once."""
        self._start("central", (*GRIDWARDEN, "central", "run", "--config", self.config))

    def healthy(self) -> bool:
        """Whether `health` answers 200."""
        try:
            return self._http.request("GET", f"http://{LOOPBACK}:{self.http_port}/api/v1/health").status == 200
        except urllib3.exceptions.HTTPError:
            return False

    def await_health(self) -> None:
        """Wait until central answers."""
        until(self.healthy, within_s=START_S, what=lambda: f"central healthy\n{self.processes['central'].report()}")

    def join(self, box: str, site: str = "s1") -> Path:
        """Register a box, exchange its code, and return its folder with edge.yaml and connection.yaml."""
        folder = self.folder / box
        code_file = self.folder / f"{box}.code"
        printed = self.run("central", "add-box", site, box, "--config", str(self.config))
        code_file.write_text(next(word for word in printed.split() if word.count("-") == 4 and word.isupper()))
        url = f"http://{LOOPBACK}:{self.http_port}"
        self.run("provision", "join", "--central", url, "--code-file", str(code_file), "--out", str(folder))
        zone = (
            "{id: z1, polygon: [[0, 0], [1, 0], [1, 1], [0, 1]], rules: [{scene: stay, labels: [static], dwell_s: 5}]}"
        )
        (folder / "edge.yaml").write_text(
            f'site: {site}\nbox: {box}\ncameras: [{{id: cam-1, url: "rtsp://127.0.0.1/x", zones: [{zone}]}}]\n'
        )
        return folder

    def start_box(self, box: str, *, events: int, per_s: float, seed: int, delete_at: str = "watermark") -> None:
        """Start (again) a box that produces `events` reports in all and goes on where it was killed."""
        program = {"watermark": "tests.support.scripted_agent", "puback": "tests.support.naive_box"}[delete_at]
        words = (sys.executable, "-m", program, "--config", self.folder / box / "edge.yaml")
        self._start(box, (*words, "--events", str(events), "--per-s", str(per_s), "--seed", str(seed)))

    def run(self, *words: str) -> str:
        """Run a command to its end; its output. Fails with what it printed unless it exits 0."""
        self._runs += 1
        name = f"{self._runs}-{'-'.join(words[:2])}"
        with Process((*GRIDWARDEN, *words), self.folder, name=name, cwd=REPOSITORY) as process:
            code = process.wait(START_S)
            assert code == 0, process.report()
            return process.out

    def journal(self, box: str) -> list[tuple[int, str]]:
        """Every (seq, id) that the box ever wrote down."""
        return self._rows(self.folder / box / "data" / "outbox.db", "SELECT seq, id FROM journal")

    def waiting(self, box: str) -> int:
        """Reports that the box still keeps."""
        rows = self._rows(self.folder / box / "data" / "outbox.db", "SELECT COUNT(*) FROM outbox")
        return int(rows[0][0]) if rows else 0

    def committed(self, statement: str) -> list[tuple]:
        """Rows of a SELECT on central's database."""
        return self._rows(self.folder / "central" / "central.db", statement)

    def _start(self, name: str, command: tuple[str | Path, ...]) -> None:
        self.processes[name] = Process(command, self.folder, name=name, cwd=REPOSITORY)

    @staticmethod
    def _rows(path: Path, statement: str) -> list[tuple]:
        if not path.exists():
            return []
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=10)) as connection:
            try:
                return connection.execute(statement).fetchall()
            except sqlite3.OperationalError:
                return []
