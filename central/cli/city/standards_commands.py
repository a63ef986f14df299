"""`gridwarden central standards`: import the city's table and look at it."""

from pathlib import Path
from typing import Annotated

import typer

from central.cli.opening import USER_MISTAKE, Config, end, open_console, settings_in
from central.settings import SettingsError
from central.settings.init import FILE

standards = typer.Typer(
    help="The city's table of standards (立案标准): conditions, limits and responsible units by class.",
    epilog="Example: gridwarden central standards import standards.xlsx --dry-run",
    no_args_is_help=True,
)


@standards.command("import")
def import_standards(
    file: Annotated[Path, typer.Argument(help="An .xlsx or .csv file with the columns of cities' import template.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would change, and write nothing.")] = False,  # noqa: FBT002 - a flag
    config: Config = Path(FILE),
) -> None:
    """Import a table as the newest version, whole or not at all; say what it changes, or every fault by row and column.

    Example: gridwarden central standards import standards.xlsx --config /srv/gridwarden/central.yaml
    """
    from central.cli.city.standards import import_table  # noqa: PLC0415 - each command loads its own parts
    from central.stores.ports import StoreRejected  # noqa: PLC0415

    with open_console(settings_in(config)) as console:
        try:
            code = import_table(
                console.services.standards, file, console.operator, console.clock.now(), dry_run=dry_run
            )
        except SettingsError as error:
            end(USER_MISTAKE, error.words)
        except StoreRejected:
            end(USER_MISTAKE, "somebody else imported a table at the same time; look at it, then import again")
    raise typer.Exit(code)


@standards.command("list")
def list_standards(config: Config = Path(FILE)) -> None:
    """List the current version: code, class, condition, limit, units, id.

    Example: gridwarden central standards list --config central.yaml
    """
    from central.cli.city.standards import list_table  # noqa: PLC0415 - each command loads its own parts

    with open_console(settings_in(config)) as console:
        code = list_table(console.services.standards)
    raise typer.Exit(code)


@standards.command("show")
def show_standards(
    code: Annotated[str, typer.Argument(help="A class (04-01), a group of classes (04), or the id of a standard.")],
    config: Config = Path(FILE),
) -> None:
    """Say everything about the standards of a class.

    Example: gridwarden central standards show 04-01 --config central.yaml
    """
    from central.cli.city.standards import show_class  # noqa: PLC0415 - each command loads its own parts

    with open_console(settings_in(config)) as console:
        ended = show_class(console.services.standards, code)
    raise typer.Exit(ended)
