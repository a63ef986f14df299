"""`gridwarden central grid | components | units`: import a city's ground and list it."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from central.cli.opening import USER_MISTAKE, Config, end, open_desk, settings_in
from central.settings import SettingsError
from central.settings.init import FILE

CrsName = Annotated[
    Literal["wgs84", "gcj02", "cgcs2000"] | None,
    typer.Option("--crs", help="Coordinate system of the file, where it does not say so itself."),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Read and check, and write nothing.")]

grid = typer.Typer(
    help="Unit grids (单元网格): polygons with codes of 14, 15 or 16 digits.",
    epilog="Example: gridwarden central grid import grids.geojson --crs cgcs2000",
    no_args_is_help=True,
)
components = typer.Typer(
    help="Components (部件): what stands in the street, where, and who is responsible.",
    epilog="Example: gridwarden central components import components.xlsx --crs gcj02",
    no_args_is_help=True,
)
units = typer.Typer(
    help="Responsible units (责任单位): who can be dispatched to, where they are, for which grids.",
    epilog="Example: gridwarden central units import units.csv --crs wgs84",
    no_args_is_help=True,
)


@grid.command("import")
def import_grids(
    file: Annotated[Path, typer.Argument(help="A GeoJSON FeatureCollection of polygons.")],
    crs: CrsName = None,
    dry_run: DryRun = False,  # noqa: FBT002 - a flag
    config: Config = Path(FILE),
) -> None:
    """Import grids as the newest version, whole or not at all; say everything that is wrong, by feature and code.

    Example: gridwarden central grid import grids.geojson --crs cgcs2000 --config /srv/gridwarden/central.yaml
    """
    _import("grids", file, crs, config, dry_run=dry_run)


@grid.command("list")
def list_grids(config: Config = Path(FILE)) -> None:
    """List the current version: code, name.

    Example: gridwarden central grid list --config central.yaml
    """
    _list("grids", config)


@components.command("import")
def import_components(
    file: Annotated[
        Path, typer.Argument(help="An .xlsx or .csv table, or GeoJSON points, with 部件标识码, 经度, 纬度.")
    ],
    crs: CrsName = None,
    dry_run: DryRun = False,  # noqa: FBT002 - a flag
    config: Config = Path(FILE),
) -> None:
    """Import components as the newest version, whole or not at all; say everything that is wrong, by row and column.

    Example: gridwarden central components import components.xlsx --crs gcj02 --config /srv/gridwarden/central.yaml
    """
    _import("components", file, crs, config, dry_run=dry_run)


@components.command("list")
def list_components(config: Config = Path(FILE)) -> None:
    """List the current version: id, class, name, unit, position.

    Example: gridwarden central components list --config central.yaml
    """
    _list("components", config)


@units.command("import")
def import_units(
    file: Annotated[Path, typer.Argument(help="An .xlsx or .csv table, or GeoJSON points, with 单位名称.")],
    crs: CrsName = None,
    dry_run: DryRun = False,  # noqa: FBT002 - a flag
    config: Config = Path(FILE),
) -> None:
    """Import units as the newest version, whole or not at all; say everything that is wrong, by row and column.

    Example: gridwarden central units import units.csv --crs wgs84 --config /srv/gridwarden/central.yaml
    """
    _import("units", file, crs, config, dry_run=dry_run)


@units.command("list")
def list_units(config: Config = Path(FILE)) -> None:
    """List the current version: id, name, kind, grids.

    Example: gridwarden central units list --config central.yaml
    """
    _list("units", config)


def _import(kind: str, file: Path, crs: str | None, config: Path, *, dry_run: bool) -> None:
    from central.cli.places import import_file  # noqa: PLC0415 - each command loads its own parts
    from central.core.places import Crs, PlaceKind  # noqa: PLC0415
    from central.stores.ports import StoreRejected  # noqa: PLC0415

    with open_desk(settings_in(config)) as desk:
        try:
            named = Crs(crs) if crs is not None else None
            code = import_file(desk.services.places, PlaceKind(kind), file, named, desk, dry_run=dry_run)
        except SettingsError as error:
            end(USER_MISTAKE, str(error))
        except StoreRejected:
            end(USER_MISTAKE, "somebody else imported at the same time; look at that, then import again")
    raise typer.Exit(code)


def _list(kind: str, config: Path) -> None:
    from central.cli.places import list_kept  # noqa: PLC0415 - each command loads its own parts
    from central.core.places import PlaceKind  # noqa: PLC0415

    with open_desk(settings_in(config)) as desk:
        list_kept(desk.services.places, PlaceKind(kind))
