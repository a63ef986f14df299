"""The pages for people, under `/ui`. Importing this is quick; NiceGUI itself is loaded when pages are mounted."""

from fastapi import FastAPI

from central.core.clock import Clock
from central.services.services import Services
from central.settings import CentralSettings


def mount_pages(api: FastAPI, services: Services, clock: Clock, settings: CentralSettings) -> None:
    """Add all pages to `api`. Once in a process: NiceGUI keeps its state in the process. Takes about a second."""
    from central.web.mounting import mount  # noqa: PLC0415 - slow to import, and not needed to answer health

    mount(api, services, clock, settings)
