"""Which reports a collector had to find: entries of the register of duties, looked up by class, grid and time."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from central.core.registers.entries import Written


class Duties:
    """Duties that stand. An entry binds what begins with its class and lies in what begins with its grid."""

    def __init__(self, written: Iterable[Written]) -> None:
        self._times: defaultdict[tuple[str, str], list[tuple[datetime, datetime]]] = defaultdict(list)
        for one in written:
            self._times[one.subject, one.party].append((one.starts_at, one.ends_at))
        self.codes = frozenset(code for code, _ in self._times)
        self.grids = frozenset(grid for _, grid in self._times)
        self._lengths = sorted({(len(code), len(grid)) for code, grid in self._times})

    def bind(self, code: str, grid: str, at: datetime) -> bool:
        """Whether one of them binds collectors to a case of this class and grid, at that time."""
        beginnings = ((code[:long], grid[:wide]) for long, wide in self._lengths)
        return any(begin <= at < end for key in beginnings for begin, end in self._times.get(key, ()))
