"""What `gridwarden central grid | components | units` do."""

import sys
from pathlib import Path

from central.app import Console
from central.cli.city.standards import DONE, MISTAKE, say_faults
from central.core.places import Crs, PlaceBook, PlaceKind
from central.core.places.grid import Grid
from central.core.places.nearest import Component, ResponsibleUnit
from central.core.standards import Refused, SheetRow
from central.services.places import Draft, Places, kept_of
from central.settings import SettingsError
from central.settings.geojson_file import read_geojson, rows_of
from central.settings.sheet_file import read_sheet
from protocol.plain_text import one_line
from protocol.texts import Language, Words

NAMES = {
    PlaceKind.GRIDS: Words(zh="单元网格", en="unit grids"),
    PlaceKind.COMPONENTS: Words(zh="部件", en="components"),
    PlaceKind.UNITS: Words(zh="责任单位", en="responsible units"),
}
IMPORTED = Words(
    zh="{count} 个{what}已导入为第 {version} 版（坐标系 {crs}）",
    en="{count} {what} imported as version {version} ({crs})",
)
WOULD = Words(
    zh="试运行：{count} 个{what}没有错误，没有写入", en="dry run: {count} {what} without a fault; not written"
)
NO_CRS = Words(
    zh="{file}：表格不写坐标系；请用 --crs 指明：{known}",
    en="{file}: a table says no coordinate system; name it with --crs: {known}",
)
NONE = Words(zh="还没有{what}", en="no {what} yet")
VERSION = Words(
    zh="第 {version} 版，{at} 由 {by} 从 {file} 导入；{crs}；{count} 个",
    en="version {version}, imported {at} by {by} from {file}; {crs}; {count}",
)


def import_file(  # noqa: PLR0913 - an import is all of this
    console: Console, kind: PlaceKind, file: Path, crs: Crs | None, language: Language, *, dry_run: bool
) -> int:
    """Read a file and make it the newest version, or print everything that is wrong. Raises `SettingsError`."""
    places = console.services.places
    draft, known = _read(places, kind, file, crs)
    if isinstance(draft, Refused):
        say_faults(file, draft.faults, language)
        return MISTAKE
    what = NAMES[kind].say(language)
    if dry_run:
        _out(WOULD.say(language, count=len(kept_of(draft)[1]), what=what))
        return DONE
    book = places.adopt(draft, one_line(file.name), known, console.operator, console.clock.now())
    _out(IMPORTED.say(language, count=book.count, what=what, version=book.version, crs=book.crs))
    return DONE


def list_kept(places: Places, kind: PlaceKind, language: Language) -> None:
    """Print the current version, a line for each."""
    book, kept = places.current(kind)
    if book is None:
        _out(NONE.say(language, what=NAMES[kind]))
        return
    _out(_version(book, language))
    for one in kept:
        _out("\t".join(_cells(one)))


def _read(places: Places, kind: PlaceKind, file: Path, crs: Crs | None) -> tuple[Draft | Refused, Crs]:
    if kind is PlaceKind.GRIDS:
        features, known = read_geojson(file, crs)
        return places.read_grids(features, known), known
    rows, known = _rows(file, crs)
    read = places.read_components if kind is PlaceKind.COMPONENTS else places.read_units
    return read(rows, known), known


def _rows(file: Path, crs: Crs | None) -> tuple[list[SheetRow], Crs]:
    if file.suffix.lower() in {".geojson", ".json"}:
        features, known = read_geojson(file, crs)
        return rows_of(features), known
    if crs is None:
        raise SettingsError(NO_CRS, file=file, known=", ".join(Crs))
    return read_sheet(file), crs


def _cells(one: Grid | Component | ResponsibleUnit) -> list[str]:
    match one:
        case Grid():
            return [one.code, one.name]
        case Component():
            return [one.id, one.code, one.name, one.unit, f"{one.latitude:.6f} {one.longitude:.6f}"]
        case ResponsibleUnit():
            return [one.id, one.name, one.kind, "、".join(one.grids)]


def _version(book: PlaceBook, language: Language) -> str:
    return VERSION.say(
        language,
        version=book.version,
        at=f"{book.imported_at:%Y-%m-%d %H:%M} UTC",
        by=book.imported_by,
        file=book.file,
        crs=book.crs,
        count=book.count,
    )


def _out(line: str) -> None:
    sys.stdout.write(f"{line}\n")
