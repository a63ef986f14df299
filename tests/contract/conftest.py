"""Every store contract runs over a SQLite file and over a real PostgreSQL."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from central.stores.open_stores import open_stores
from central.stores.ports import Stores
from tests.support.central_stores import Central, sqlite_stores
from tests.support.influxdb import Influxd, InfluxDoor, influx_door, influxd
from tests.support.postgresql import database, postgresql
from tests.support.speaking_box import SpeakingBox
from tests.support.store_samples import B1, CASE

_NUMBERS = count()


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """Return the URL of a running cluster; skips when PostgreSQL is not installed."""
    with postgresql() as url:
        yield url


@pytest.fixture(scope="session")
def postgresql_template(postgresql_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the name of a database whose tables are up to date, to be copied."""
    name = "tables"
    with database(postgresql_url, name) as url:
        open_stores(database_url=url, evidence_dir=tmp_path_factory.mktemp(name)).close()
        yield name


@pytest.fixture(scope="session")
def influx() -> Iterator[Influxd]:
    """Return a running InfluxDB; skips when it is not installed."""
    with influxd() as server:
        yield server


@pytest.fixture
def door(influx: Influxd) -> Iterator[InfluxDoor]:
    """Return a way to it that takes v2 writes."""
    with influx_door(influx.port) as opened:
        yield opened


@pytest.fixture(params=["sqlite", "postgresql"])
def stores(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Stores]:
    """Return empty stores of each kind."""
    if request.param == "sqlite":
        with sqlite_stores(tmp_path / "stores") as opened:
            yield opened
        return
    server, template = request.getfixturevalue("postgresql_url"), request.getfixturevalue("postgresql_template")
    with database(server, f"contract{next(_NUMBERS)}", template) as url:
        opened = open_stores(database_url=url, evidence_dir=tmp_path / "evidence")
        yield opened
        opened.close()


@pytest.fixture
def stocked(stores: Stores) -> Stores:
    """Return stores that know box b1 and case-1."""
    with stores.writing() as unit:
        unit.boxes.add(B1)
        unit.cases.save([CASE], [], [])
    return stores


@pytest.fixture
def central(stores: Stores) -> Central:
    """Return a central over these stores, without any box."""
    return Central(stores)


@pytest.fixture
def box(central: Central) -> SpeakingBox:
    """Return box b1 of site s1, registered."""
    box = SpeakingBox()
    central.register(box)
    return box
