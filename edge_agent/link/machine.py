"""Figures of the machine and of the agent's processes, read from Linux's /proc; zero or None where there is none."""

import os
from collections.abc import Iterable
from pathlib import Path

_THERMAL = Path("/sys/class/thermal/thermal_zone0/temp")
_CPU_FIELDS = slice(11, 13)
"""utime and stime in /proc/PID/stat, counted after the name, which may hold spaces."""


def cpu_s(pids: Iterable[int]) -> float:
    """CPU seconds that these living processes have used since they began."""
    ticks_per_s = os.sysconf("SC_CLK_TCK")
    return sum(_cpu_ticks(pid) for pid in pids) / ticks_per_s


def rss_bytes(pids: Iterable[int]) -> int:
    """Resident memory of these processes; shared pages count once for each."""
    page = os.sysconf("SC_PAGE_SIZE")
    return sum(_resident_pages(pid) for pid in pids) * page


def temperature_c() -> float | None:
    """Temperature of the first thermal zone."""
    try:
        return int(_THERMAL.read_text()) / 1000
    except (OSError, ValueError):
        return None


def _cpu_ticks(pid: int) -> int:
    try:
        after_name = Path("/proc", str(pid), "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0
    return sum(int(field) for field in after_name[_CPU_FIELDS])


def _resident_pages(pid: int) -> int:
    try:
        return int(Path("/proc", str(pid), "statm").read_text().split()[1])
    except OSError:
        return 0
