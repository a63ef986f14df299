"""Keeps a camera's process small: freed pictures leave it, and code that only the start needed is let go."""

import ctypes
import re
import resource
from collections.abc import Iterator
from pathlib import Path

DATA_BYTES_MAX = 1_000_000_000
"""What a camera sends can ask for any amount, faster than anybody looks at how much a process has."""
_MALLOPT = {-1: 1_000_000, -3: 600_000, -8: 2}
"""glibc's M_TRIM_THRESHOLD, M_MMAP_THRESHOLD, M_ARENA_MAX."""
_MADV_DONTNEED = 4
_SMAPS = Path("/proc/self/smaps")
_MAPPING = re.compile(r"^([0-9a-f]+)-([0-9a-f]+) (r-xp|r--p) \S+ \S+ \S+ +/")


def keep_memory_small() -> None:
    """Let freed pictures leave the process at once, and let it have `DATA_BYTES_MAX` at most.

    The first does nothing where the C library has no such settings.
    """
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (DATA_BYTES_MAX, hard))
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        for parameter, value in _MALLOPT.items():
            mallopt(parameter, value)


def let_go_of_start_code() -> None:
    """Unmap the pages of libraries once; those that are really used come back from the page cache at first touch.

    A worker touches tens of megabytes of library code while it starts and never again.
    """
    libc = ctypes.CDLL(None)
    libc.malloc_trim(0)
    for start, length in list(_clean_library_parts()):
        libc.madvise(ctypes.c_void_p(start), ctypes.c_size_t(length), _MADV_DONTNEED)


def _clean_library_parts() -> Iterator[tuple[int, int]]:
    """Address and length of mappings of files that hold no page of this process's own (relocations are such)."""
    part: tuple[int, int] | None = None
    for line in _SMAPS.read_text().splitlines():
        if "-" in line.split(" ", 1)[0]:
            found = _MAPPING.match(line)
            part = (int(found[1], 16), int(found[2], 16) - int(found[1], 16)) if found else None
        elif part is not None and line.startswith("Anonymous:"):
            if line.split()[1] == "0":
                yield part
            part = None
