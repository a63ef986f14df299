"""`gridwarden central register`: what figures need and no machine can know."""

from pathlib import Path
from typing import Annotated

import typer

from central.cli.city.place_commands import CrsName
from central.cli.opening import (
    USER_MISTAKE,
    Config,
    WithLanguage,
    end,
    open_console,
    settings_in,
    spoken,
)
from central.core.registers import Register
from central.settings.init import FILE
from protocol.texts import Told, Words

ENTRIES_A_PAGE = 500
Which = Annotated[Register, typer.Argument(help="Which register.")]

_OF_FILE = Words("{file}：{fault}", "{file}: {fault}")
_ZONES = Words("{file} 中的 {count} 个区域", "zones of {file}: {count}")
_TAKEN = Words(
    "{file} 中的 {rows} 条记入 {register}，其中新增或更改 {new} 条",
    "entries of {file} in {register}: {rows}, of them new or changed: {new}",
)
_NONE = Words("还没有条目", "no entries yet")
_NO_ENTRY = Words(
    "没有条目“{entry}”；`gridwarden central register list {register}` 列出全部",
    "there is no entry '{entry}'; `gridwarden central register list {register}` has all",
)

registers = typer.Typer(
    help="Rosters, cases handled outside, population, inspection duty: what figures need and no machine can know.",
    epilog="Example: gridwarden central register import roster march.csv",
    no_args_is_help=True,
)


@registers.command("import")
def import_entries(
    register: Which,
    file: Annotated[Path, typer.Argument(help="An .xlsx or .csv file whose first row names the columns.")],
    language: WithLanguage = None,
    config: Config = Path(FILE),
) -> None:
    """Take a table, all of it or nothing; a row with the same subject and beginning is a new version of the entry.

    Columns: roster: seat, person, from, to; outside_cases: month, cases, source; population: community, year, people,
    source; inspection_duty: class, grid, from, to. The Chinese headers of docs/figures.md are read too.

    Example: gridwarden central register import population population.csv --config central.yaml
    """
    from central.core.registers import EntryRefused  # noqa: PLC0415 - each command loads its own parts
    from central.settings import SettingsError  # noqa: PLC0415
    from central.settings.sheet_file import read_sheet  # noqa: PLC0415

    with open_console(settings_in(config)) as console:
        now = console.clock.now()
        try:
            rows, new = console.services.registers.enter_all(register, read_sheet(file), console.operator, now)
        except (SettingsError, EntryRefused) as error:
            end(USER_MISTAKE, _of_file(file, error).say(spoken(language)))
    typer.echo(_TAKEN.say(spoken(language), rows=rows, file=file, register=register, new=new))


@registers.command("draw")
def draw_zones(
    file: Annotated[Path, typer.Argument(help="A GeoJSON file: a Polygon for each zone, with `camera` and `zone`.")],
    crs: CrsName = None,
    language: WithLanguage = None,
    config: Config = Path(FILE),
) -> None:
    """Note where on the ground the zones of cameras lie, all of the file or nothing; for the recall in the field.

    Example: gridwarden central register draw zones.geojson --crs wgs84 --config central.yaml
    """
    from central.core.places import Crs  # noqa: PLC0415 - each command loads its own parts
    from central.core.places.zone_grounds import GroundRefused  # noqa: PLC0415
    from central.settings import SettingsError  # noqa: PLC0415
    from central.settings.geojson_file import read_geojson  # noqa: PLC0415

    with open_console(settings_in(config)) as console:
        try:
            features, agreed = read_geojson(file, Crs(crs) if crs is not None else None)
            count = console.services.registers.draw(features, agreed, console.operator, console.clock.now())
        except (SettingsError, GroundRefused) as error:
            end(USER_MISTAKE, _of_file(file, error).say(spoken(language)))
    typer.echo(_ZONES.say(spoken(language), count=count, file=file))


@registers.command("list")
def list_entries(register: Which, language: WithLanguage = None, config: Config = Path(FILE)) -> None:
    """List entries, last noted first: id, subject, party, from, to, amount, source, who noted it.

    Example: gridwarden central register list roster --config central.yaml
    """
    from zoneinfo import ZoneInfo  # noqa: PLC0415 - each command loads its own parts

    from central.stores.ports import PageRequest  # noqa: PLC0415
    from protocol.plain_text import one_line  # noqa: PLC0415

    settings = settings_in(config)
    zone, cursor, has_any = ZoneInfo(settings.timezone), None, False
    with open_console(settings) as console:
        while True:
            page = console.services.registers.entries(register, PageRequest(ENTRIES_A_PAGE, cursor))
            has_any = has_any or bool(page.items)
            for entry in page.items:
                one = entry.written
                times = (at.astimezone(zone).isoformat(timespec="minutes") for at in (one.starts_at, one.ends_at))
                cells = (one.key, one.subject or "-", one.party or "-", *times, str(one.amount), one.source or "-")
                typer.echo("\t".join(one_line(cell) for cell in (*cells, entry.noted_by)))
            cursor = page.next
            if cursor is None:
                break
    if not has_any:
        typer.echo(_NONE.say(spoken(language)), err=True)


@registers.command("withdraw")
def withdraw(
    register: Which,
    entry: Annotated[str, typer.Argument(help="Its id, as `list` shows it.")],
    config: Config = Path(FILE),
) -> None:
    """Take an entry back; figures as of earlier still have it.

    Example: gridwarden central register withdraw roster rg-0123 --config central.yaml
    """
    from central.services.figures.registers import EntryUnknown  # noqa: PLC0415 - each command loads its own parts

    with open_console(settings_in(config)) as console:
        try:
            console.services.registers.withdraw(register, entry, console.operator, console.clock.now())
        except EntryUnknown:
            end(USER_MISTAKE, _NO_ENTRY, entry=entry[:80], register=register)


def _of_file(file: Path, error: Told) -> Words:
    """A refusal with the file that it is of, where it does not name it itself."""
    return error.words if str(file) in str(error) else _OF_FILE.filled(file=file, fault=error.words)
