"""Fixtures of central's unit tests."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from itertools import count
from pathlib import Path

import pytest

from central.stores.ports import Stores
from tests.support.central_stores import Central, sqlite_stores
from tests.support.speaking_box import SpeakingBox


@pytest.fixture
def stores(tmp_path: Path) -> Iterator[Stores]:
    """Return empty stores in SQLite."""
    with sqlite_stores(tmp_path / "stores") as opened:
        yield opened


@pytest.fixture
def central(stores: Stores) -> Central:
    """Return a central without any box."""
    return Central(stores)


@pytest.fixture
def box(central: Central) -> SpeakingBox:
    """Return box b1 of site s1, registered, not born yet."""
    box = SpeakingBox()
    central.register(box)
    return box


@pytest.fixture
def fresh_stores(tmp_path: Path) -> Callable[[], AbstractContextManager[Stores]]:
    """Return a maker of empty stores: new ones each time, for tests that run many examples."""
    number = count()
    return lambda: sqlite_stores(tmp_path / f"stores-{next(number)}")
