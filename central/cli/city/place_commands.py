"""`gridwarden central grid | components | units`: import a city's ground and list it."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Literal

import typer

from central.cli.opening import USER_MISTAKE, Config, WithLanguage, end, open_console, settings_in, spoken
from central.settings import SettingsError
from central.settings.init import FILE
from protocol.texts import Language, Words

CrsName = Annotated[
    Literal["wgs84", "gcj02", "cgcs2000"] | None,
    typer.Option("--crs", help="Coordinate system of the file, where it does not say so itself."),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Read and check, and write nothing.")]
_AT_ONCE = Words(
    "有人同时导入了；请先看那一版，再导入", "somebody else imported at the same time; look at that, then import again"
)
IMPORT_HELP = """Import {kind} as the newest version, whole or not at all; say everything that is wrong, by {where}.

Example: gridwarden central {name} import {example} --config /srv/gridwarden/central.yaml"""
LIST_HELP = """List the current version: {columns}.

Example: gridwarden central {name} list --config central.yaml"""


@dataclass(frozen=True, slots=True)
class _Ground:
    """What the two commands of one kind say about themselves. `example`: a file and its coordinate system."""

    name: str
    kind: Literal["grids", "components", "units"]
    help: str
    file: str
    example: str
    where: str
    columns: str


def _commands(ground: _Ground) -> typer.Typer:
    example = f"Example: gridwarden central {ground.name} import {ground.example}"
    group = typer.Typer(help=ground.help, epilog=example, no_args_is_help=True)

    @group.command("import", help=IMPORT_HELP.format(**asdict(ground)))
    def import_kind(
        file: Annotated[Path, typer.Argument(help=ground.file)],
        crs: CrsName = None,
        dry_run: DryRun = False,  # noqa: FBT002 - a flag
        language: WithLanguage = None,
        config: Config = Path(FILE),
    ) -> None:
        _import(ground.kind, file, crs, config, spoken(language), dry_run=dry_run)

    @group.command("list", help=LIST_HELP.format(**asdict(ground)))
    def list_kind(language: WithLanguage = None, config: Config = Path(FILE)) -> None:
        _list(ground.kind, config, spoken(language))

    return group


def _import(  # noqa: PLR0913 - one for each option
    kind: str, file: Path, crs: str | None, config: Path, language: Language, *, dry_run: bool
) -> None:
    from central.cli.city.places import import_file  # noqa: PLC0415 - each command loads its own parts
    from central.core.places import Crs, PlaceKind  # noqa: PLC0415
    from central.stores.ports import StoreRejected  # noqa: PLC0415

    with open_console(settings_in(config)) as console:
        try:
            named = Crs(crs) if crs is not None else None
            code = import_file(console, PlaceKind(kind), file, named, language, dry_run=dry_run)
        except SettingsError as error:
            end(USER_MISTAKE, error.say(language))
        except StoreRejected:
            end(USER_MISTAKE, _AT_ONCE.say(language))
    raise typer.Exit(code)


def _list(kind: str, config: Path, language: Language) -> None:
    from central.cli.city.places import list_kept  # noqa: PLC0415 - each command loads its own parts
    from central.core.places import PlaceKind  # noqa: PLC0415

    with open_console(settings_in(config)) as console:
        list_kept(console.services.places, PlaceKind(kind), language)


grid = _commands(
    _Ground(
        name="grid",
        kind="grids",
        help="Unit grids (单元网格): polygons with codes of 14, 15 or 16 digits.",
        file="A GeoJSON FeatureCollection of polygons.",
        example="grids.geojson --crs cgcs2000",
        where="feature and code",
        columns="code, name",
    )
)
components = _commands(
    _Ground(
        name="components",
        kind="components",
        help="Components (部件): what stands in the street, where, and who is responsible.",
        file="An .xlsx or .csv table, or GeoJSON points, with 部件标识码, 经度, 纬度.",
        example="components.xlsx --crs gcj02",
        where="row and column",
        columns="id, class, name, unit, position",
    )
)
units = _commands(
    _Ground(
        name="units",
        kind="units",
        help="Responsible units (责任单位): who can be dispatched to, where they are, for which grids.",
        file="An .xlsx or .csv table, or GeoJSON points, with 单位名称.",
        example="units.csv --crs wgs84",
        where="row and column",
        columns="id, name, kind, grids",
    )
)
