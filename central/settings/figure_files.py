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
from protocol.texts import Words

Kept = TypeVar("Kept")
_TABLE_TWICE = Words(
    "{path}：前面的文件里已有表 {table}；请另取编号",
    "{path}: the table {table} stands in a file before it too; give it another id",
)
_NAME_ANOTHER = Words("请给出存在的文件的路径", "give the path of a file that is there")


def load_baseline(path: Path, zone: ZoneInfo) -> Baseline:
    """The time before the project. Raises `SettingsError`: one line for each fault, with line and column."""
    return _taken(path, lambda text: baseline_in(text, zone))


def load_score_tables(paths: Sequence[Path]) -> Mapping[str, CompositeTable]:
    """The delivered tables and a city's own by id; its own go before delivered ones. Raises `SettingsError`."""
    own: dict[str, CompositeTable] = {}
    for path in paths:
        for table in _taken(path, tables_in):
            if table.id in own:
                raise SettingsError(_TABLE_TWICE, path=path, table=table.id)
            own[table.id] = table
    return SHIPPED | own


def load_targets(path: Path) -> Sequence[Target]:
    """The targets of a file, all of them or none. Raises `SettingsError`: one line for each fault."""
    return _taken(path, targets_in)


def _taken(path: Path, take: Callable[[str], Kept]) -> Kept:
    try:
        return take(read_text(path, _NAME_ANOTHER))
    except (BadFile, BadTable) as error:
        raise SettingsError("\n".join(f"{path}:{line}" for line in str(error).splitlines())) from None
