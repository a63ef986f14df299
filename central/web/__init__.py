"""The pages for people, under `/ui`. Importing this is quick; NiceGUI is loaded after the server answers."""

from fastapi import FastAPI

from central.core.clock import Clock
from central.services.services import Services
from central.settings import CentralSettings
from central.web.mounting import mount


def mount_pages(api: FastAPI, services: Services, clock: Clock, settings: CentralSettings) -> None:
    """Add all pages to `api`, whose lifespan loads them. Once in a process: NiceGUI keeps its state in the process."""
    mount(api, services, clock, settings)
