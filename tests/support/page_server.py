"""API and pages over an office's folder, in a process that tests may kill.

`python -m tests.support.page_server FOLDER PORT`
"""

import secrets
import sys
from pathlib import Path

import uvicorn

from central.api import build_api
from central.web import mount_pages
from tests.support.office import office, settings_in
from tests.support.ports import LOOPBACK

GRACEFUL_S = 3


def main(folder: str, port: str) -> None:
    """Serve until told to stop."""
    settings = settings_in(Path(folder), int(port))
    with office(settings, is_live=True) as opened:
        api = build_api(opened.services, opened.clock, settings, secrets.token_bytes)
        mount_pages(api, opened.services, opened.clock, settings)
        uvicorn.run(api, host=LOOPBACK, port=int(port), log_level="warning", timeout_graceful_shutdown=GRACEFUL_S)


if __name__ == "__main__":
    main(*sys.argv[1:])
