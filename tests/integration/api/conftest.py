"""An office with its API."""

import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from central.api import build_api
from tests.support.api_desk import Desk
from tests.support.office import Office, office, settings_in


@pytest.fixture(scope="module")
def staffed(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """Return an office that is closed again: its folder is copied for each test, migrations run once."""
    with office(settings_in(tmp_path_factory.mktemp("staffed"))) as opened:
        opened.staff()
    return opened


@pytest.fixture
def desk(staffed: Office, tmp_path: Path) -> Iterator[Desk]:
    settings = settings_in(tmp_path)
    shutil.copytree(staffed.settings.data_dir, tmp_path, dirs_exist_ok=True)
    with office(settings) as opened:
        opened.tokens, opened.secret = staffed.tokens, staffed.secret
        opened.born()
        api = build_api(opened.services, opened.clock, settings, secrets.token_bytes)
        yield Desk(opened, TestClient(api, raise_server_exceptions=False, follow_redirects=False))
