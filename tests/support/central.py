"""A real central in a process of its own, and boxes that join it."""

import re
import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import urllib3

from central.gateway.broker.lock import holder
from protocol.joining import CODE_PATTERN, JOIN_PATH, JoinGrant
from tests.support.mqtt_talker import Talker
from tests.support.ports import LOOPBACK, free_port
from tests.support.processes import Process, Processes
from tests.support.until import until

GRIDWARDEN = (sys.executable, "-m", "provisioning.main", "central")
START_S = 30.0


class Central:
    """`gridwarden central run` over a folder of its own."""

    def __init__(self, folder: Path, start_process: Processes, kind: str = "auto", more: str = "") -> None:
        """Write its settings; `more` are further lines of central.yaml."""
        self.folder = folder
        self.port, self.broker_port = free_port(), free_port()
        self.config = folder / "central.yaml"
        self.config.write_text(
            f"listen: {{port: {self.port}}}\nbroker: {{port: {self.broker_port}, kind: {kind}}}\n{more}",
            encoding="utf-8",
        )
        self._start_process = start_process
        self._http = urllib3.PoolManager(timeout=2.0, retries=False)

    def start(self) -> Process:
        """Start (again), and wait for health."""
        self.process = self._start_process(*GRIDWARDEN, "run", "--config", self.config, name="central")
        until(lambda: self.health() is not None, within_s=START_S, what=lambda: f"health\n{self.process.report()}")
        return self.process

    def health(self) -> dict[str, str] | None:
        """What health says; None while nobody answers."""
        assert self.process.running(), self.process.report()
        try:
            answer = self._http.request("GET", f"http://{LOOPBACK}:{self.port}/api/v1/health")
        except urllib3.exceptions.HTTPError:
            return None
        assert answer.status == 200
        return dict(answer.json())

    def await_broker(self) -> int:
        """Wait until central is connected; the broker's process id."""
        until(lambda: (self.health() or {}).get("broker") == "ok", within_s=START_S, what=self.process.report)
        held = holder(self.folder / "data" / "broker")
        assert held is not None
        assert held.pid is not None
        return held.pid

    def command(self, *words: str) -> str:
        """Run `gridwarden central ...` to its end; its output."""
        process = self._start_process(*GRIDWARDEN, *words, "--config", self.config, name="-".join(words))
        assert process.wait(START_S) == 0, process.report()
        return process.out

    def join(self, box: str, site: str = "s1") -> str:
        """Register a box and let it join; its secret."""
        printed = self.command("add-box", site, box)
        code = next(word for word in printed.split() if re.fullmatch(CODE_PATTERN, word))
        url = f"http://{LOOPBACK}:{self.port}{JOIN_PATH}"
        answer = self._http.request("POST", url, json={"code": code})
        assert answer.status == 201, answer.data
        return JoinGrant.model_validate_json(answer.data).connection.secret.get_secret_value()

    def talker(self, box: str, secret: str, **how: Any) -> Talker:  # noqa: ANN401 - what Talker takes
        """Connect as a box, which is welcome within two seconds of joining."""
        tried: list[Talker] = []

        def welcome() -> bool:
            tried.append(Talker(self.broker_port, box, secret, **how))
            if not tried[-1].welcome:
                tried[-1].close()
            return tried[-1].welcome

        until(welcome, within_s=2.0, what="a box that joined being welcome")
        return tried[-1]

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        """Rows of a SELECT on central's database."""
        with closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True, timeout=10)) as connection:
            return connection.execute(statement).fetchall()

    @property
    def database(self) -> Path:
        """The SQLite file."""
        return self.folder / "data" / "central.db"
