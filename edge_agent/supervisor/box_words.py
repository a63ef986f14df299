"""What the box says of itself: at birth, and every heartbeat."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from zoneinfo import ZoneInfo

from edge_agent.core.clock import Clock
from edge_agent.link.evidence import sent_on
from edge_agent.link.machine import cpu_s, rss_bytes, temperature_c
from edge_agent.link.outbox import Outbox
from edge_agent.link.store import EdgeStore
from edge_agent.settings import LoadedConfig
from edge_agent.supervisor.cameras import Cameras
from protocol.configuration import AgentConfig, CameraConfig
from protocol.messages import (
    SEQ_MAX,
    Birth,
    CameraDescription,
    CommandName,
    Heartbeat,
    OutboxFigures,
    ZoneDescription,
)


@dataclass(frozen=True, slots=True)
class _CpuMark:
    """CPU seconds used until a monotonic moment."""

    used_s: float
    at_s: float


class BoxVoice:
    """Makes births and heartbeats; `lost_untold` counts reports that are not yet in a gap record."""

    def __init__(self, loaded: LoadedConfig, store: EdgeStore, outbox: Outbox, cameras: Cameras, clock: Clock) -> None:
        self._loaded = loaded
        self._store = store
        self._outbox = outbox
        self._cameras = cameras
        self._clock = clock
        self._started_s = clock.mono_s()
        self._cpu = _CpuMark(0.0, self._started_s)
        self.lost_untold: Callable[[], int] = lambda: 0

    def birth(self) -> Birth:
        """Introduction of this start."""
        return Birth(
            version=installed_version(),
            config_sha256=self._loaded.sha256,
            next_seq=min(self._outbox.last_seq() + 1, SEQ_MAX),
            disk_free_bytes=self._store.disk_free_bytes(),
            cameras=tuple(described(camera) for camera in self._loaded.config.cameras),
            models=self._cameras.models(),
            commands=tuple(CommandName),
        )

    def heartbeat(self) -> Heartbeat:
        """Sign of life with figures; CPU and memory are those of all processes of the agent."""
        now, mono_s = self._clock.now(), self._clock.mono_s()
        processes = (os.getpid(), *self._cameras.process_ids())
        before, self._cpu = self._cpu, _CpuMark(cpu_s(processes), mono_s)
        passed_s = max(mono_s - before.at_s, 0.001)
        figures = self._outbox.figures(now)
        return Heartbeat(
            uptime_s=mono_s - self._started_s,
            cpu_share=round(max(0.0, self._cpu.used_s - before.used_s) / passed_s, 3),
            rss_bytes=rss_bytes(processes),
            disk_free_bytes=self._store.disk_free_bytes(),
            temperature_c=temperature_c(),
            outbox=figures.model_copy(update=self._further_figures(figures)),
            cameras=self._cameras.statuses(),
        )

    def _further_figures(self, figures: OutboxFigures) -> dict[str, int | None]:
        config = self._loaded.config
        return {
            "lost": figures.lost + self.lost_untold(),
            "evidence_bytes_today": sent_on(self._store, local_day(config, self._clock)),
            "evidence_bytes_per_day": config.uplink.evidence_bytes_per_day,
        }


def local_day(config: AgentConfig, clock: Clock) -> date:
    """The day of the site's calendar."""
    return clock.now().astimezone(ZoneInfo(config.timezone)).date()


def described(camera: CameraConfig) -> CameraDescription:
    """A camera as central may know it: without its address."""
    zones = tuple(
        ZoneDescription(
            zone=zone.id, name=zone.name, polygon=zone.polygon, scenes=tuple(dict.fromkeys(r.scene for r in zone.rules))
        )
        for zone in camera.zones
    )
    return CameraDescription(
        camera=camera.id,
        name=camera.name,
        place=camera.place,
        kind=camera.kind,
        latitude=camera.latitude,
        longitude=camera.longitude,
        zones=zones,
    )


def installed_version() -> str:
    """Version of the product, `0` when it runs from a bare checkout."""
    try:
        return version("gridwarden")
    except PackageNotFoundError:
        return "0"
