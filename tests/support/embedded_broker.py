"""`gridwarden central broker` as it runs, and what boxes and central say to it."""

import secrets
import sys
from pathlib import Path

from central.core.access import BrokerCredential
from central.gateway.broker.credentials import hash_password
from central.gateway.broker.keeper import CredentialFiles
from protocol import topics
from protocol.topics import Down, Up
from tests.support.mqtt_talker import Talker
from tests.support.ports import accepts, free_port
from tests.support.processes import Process, Processes
from tests.support.until import until

GRIDWARDEN = (sys.executable, "-m", "provisioning.main", "central")
START_S = 20.0
SWEEP_S = 7.0
SILENT_CLIENT = """
import sys
import paho.mqtt.client as mqtt
port, user, password, keepalive, topic, subscribe = sys.argv[1:]
client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, user)
client.username_pw_set(user, password)
client.will_set(topic, b"gone", qos=1)
client.on_connect = lambda *_: client.subscribe(subscribe, 1)
client.on_subscribe = lambda *_: print("READY", flush=True)
client.connect("127.0.0.1", int(port), int(keepalive))
client.loop_forever()
"""


class EmbeddedBroker:
    """`gridwarden central broker` with boxes that may be let in and out while it runs."""

    def __init__(self, folder: Path, kind: str, start_process: Processes) -> None:
        self.port = free_port()
        self.folder = folder / "data" / "broker"
        self.config = folder / "central.yaml"
        self.config.write_text(f"broker: {{port: {self.port}, kind: {kind}}}\n")
        self._start_process = start_process
        self._credentials: dict[str, BrokerCredential] = {}
        self.process = self.start()
        self.files = CredentialFiles(self.folder, secrets.token_bytes(32))

    def start(self) -> Process:
        """Start it, also again, and wait until it accepts."""
        self.process = self._start_process(*GRIDWARDEN, "broker", "--config", self.config, name="broker")
        until(lambda: accepts(self.port), within_s=START_S, what=self._report)
        return self.process

    def _report(self) -> str:
        return self.process.report()

    def let_in(self, box: str, site: str = "s1") -> str:
        """Give a box a secret, and return it."""
        secret = secrets.token_urlsafe(32)
        self._credentials[box] = BrokerCredential(box, site, hash_password(secret, secrets.token_bytes(12)))
        assert self.files.update(tuple(self._credentials.values()))
        return secret

    def let_out(self, box: str) -> None:
        """Take a box's secret away."""
        del self._credentials[box]
        assert self.files.update(tuple(self._credentials.values()))

    def central(self, **how: object) -> Talker:
        """Connect as central."""
        return Talker(self.port, "central", self.files.secret, **how)  # type: ignore[arg-type]

    def box(self, box: str, secret: str, **how: object) -> Talker:
        """Connect a box, which may take a moment after `let_in`."""
        talkers: list[Talker] = []

        def welcome() -> bool:
            talkers.append(Talker(self.port, box, secret, **how))  # type: ignore[arg-type]
            if not talkers[-1].welcome:
                talkers[-1].close()
            return talkers[-1].welcome

        until(welcome, within_s=2.0, what="a box that was let in being welcome")
        return talkers[-1]


def event(box: str, site: str = "s1") -> str:
    """Return the topic of a box's reports."""
    return topics.up(site, box, Up.EVENT)


def ack(box: str, site: str = "s1") -> str:
    """Return the topic of what central tells a box that it has committed."""
    return topics.down(site, box, Down.ACK)


def nothing_came(listener: Talker, sentinel_by: Talker, sentinel_topic: str) -> None:
    """Show that no message waits for `listener`, by sending a permitted one after it."""
    sentinel_by.say(sentinel_topic, b"sentinel")
    listener.wait_for(b"sentinel")
    assert listener.payloads == [b"sentinel"]


def silent_client(
    broker: EmbeddedBroker, start_process: Processes, box: str, keepalive_s: int, will_topic: str
) -> Process:
    """Start a client of a box in a process that can be frozen; its will is `gone`."""
    secret = broker.let_in(box)
    broker.box(box, secret).close()
    words: list[str] = [str(broker.port), box, secret, str(keepalive_s), will_topic, topics.down_all("s1", box)]
    client = start_process(sys.executable, "-c", SILENT_CLIENT, *words)
    client.wait_for("READY")
    return client
