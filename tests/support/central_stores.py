"""Stores of a central for tests: a migrated SQLite file is made once and copied."""

import hashlib
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import TypeVar

from central.core.access import JoinPolicy
from central.core.cases.intake import IntakePolicy
from central.core.values import Actor, ActorKind, Delivery, ReceptionReport, Role
from central.services.desks.liveness import Liveness
from central.services.fleet import Fleet
from central.services.reception import Reception
from central.stores.open_stores import open_stores
from central.stores.ports import BlobStore, SeriesStore, Stores, StoreUnavailable, Unit
from tests.support.speaking_box import SpeakingBox, later

Done = TypeVar("Done")
OPERATOR = Actor(ActorKind.PERSON, "wang", Role.OPERATOR)
VIEWER = Actor(ActorKind.PERSON, "li", Role.VIEWER)
TECHNICIAN = Actor(ActorKind.PERSON, "zhao", Role.TECHNICIAN)
JOIN = JoinPolicy("http://127.0.0.1:8080", "127.0.0.1", 1883)


@contextmanager
def sqlite_stores(folder: Path, pages_max: int | None = None) -> Iterator[Stores]:
    """Open stores in `folder`; what is there already is kept."""
    file = folder / "central.db"
    if not file.exists():
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(_template(), file)
    stores = open_stores(database_url=f"sqlite:///{file}", evidence_dir=folder / "evidence", sqlite_pages_max=pages_max)
    try:
        yield stores
    finally:
        stores.close()


class FailingStores:
    """Stores whose transactions fail at their end as often as `faults` says so."""

    def __init__(self, stores: Stores, faults: Iterator[bool]) -> None:
        self._stores = stores
        self._faults = faults
        self.reading = stores.reading
        self.healthy = stores.healthy
        self.close = stores.close

    @property
    def series(self) -> SeriesStore:
        """As they are."""
        return self._stores.series

    @property
    def blobs(self) -> BlobStore:
        """As they are."""
        return self._stores.blobs

    @contextmanager
    def writing(self) -> Iterator[Unit]:
        """Do everything, then perhaps undo it."""
        with self._stores.writing() as unit:
            yield unit
            if next(self._faults, False):
                raise StoreUnavailable("injected")


class Counter:
    """Unpredictable bytes that a test can predict: each call gives others."""

    def __init__(self) -> None:
        self._calls = 0

    def __call__(self, count: int) -> bytes:
        """`count` bytes that no call gave before."""
        self._calls += 1
        return hashlib.sha512(str(self._calls).encode()).digest()[:count]


class Central:
    """Reception with its surroundings, told the time in seconds after the tests' morning."""

    def __init__(self, stores: Stores, policy: IntakePolicy | None = None) -> None:
        self.stores = stores
        self.liveness = Liveness()
        self.reception = Reception(stores, policy or IntakePolicy(), self.liveness)
        self.fleet = Fleet(stores, JOIN)
        self.random = Counter()

    def register(self, *boxes: SpeakingBox) -> None:
        """Make boxes known."""
        for box in boxes:
            until_stored(lambda box=box: self.fleet.add_box(box.site, box.box, TECHNICIAN, later(0), self.random))

    def receive(self, *deliveries: Delivery, at_s: float = 60.0) -> ReceptionReport:
        """Take a batch in."""
        return self.reception.receive(deliveries, later(at_s), at_s)

    def receive_at_last(self, *deliveries: Delivery, at_s: float = 300.0) -> ReceptionReport:
        """Take a batch in, however often storage fails before."""
        return until_stored(lambda: self.receive(*deliveries, at_s=at_s))


def until_stored(action: Callable[[], Done]) -> Done:
    """Try again as long as storage fails; it fails a bounded number of times."""
    while True:
        try:
            return action()
        except StoreUnavailable:
            continue


@cache
def _template() -> Path:
    folder = Path(mkdtemp(prefix="gw-stores-"))
    file = folder / "template.db"
    stores = open_stores(database_url=f"sqlite:///{file}", evidence_dir=folder / "evidence")
    stores.close()
    return file
