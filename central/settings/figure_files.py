"""What a city writes about its figures in files of its own: the time before the project, tables of scores, targets."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

from central.core.kpis import Baseline, Target
from central.core.kpis.composites import SHIPPED, BadTable, CompositeTable, tables_in
from central.core.kpis.files.baseline_file import baseline_in
from central.core.kpis.files.marked_yaml import BadFile
from central.core.kpis.files.target_file import targets_in
from central.settings.load import SettingsError, read_text

Kept = TypeVar("Kept")


def load_baseline(path: Path, zone: ZoneInfo) -> Baseline:
    """The time before the project. Raises `SettingsError`: one line for each fault, with line and column."""
    return _taken(path, lambda text: baseline_in(text, zone))


def load_score_tables(paths: Sequence[Path]) -> Mapping[str, CompositeTable]:
    """The delivered tables and a city's own by id; its own go before delivered ones. Raises `SettingsError`."""
    own: dict[str, CompositeTable] = {}
    for path in paths:
        for table in _taken(path, tables_in):
            if table.id in own:
                raise SettingsError(f"{path}: the table {table.id} stands in a file before it too; give it another id")
            own[table.id] = table
    return SHIPPED | own


def load_targets(path: Path) -> Sequence[Target]:
    """The targets of a file, all of them or none. Raises `SettingsError`: one line for each fault."""
    return _taken(path, targets_in)


def _taken(path: Path, take: Callable[[str], Kept]) -> Kept:
    try:
        return take(read_text(path, "give the path of a file that is there"))
    except (BadFile, BadTable) as error:
        raise SettingsError("\n".join(f"{path}:{line}" for line in str(error).splitlines())) from None
