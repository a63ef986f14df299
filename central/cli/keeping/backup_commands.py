"""`gridwarden central backup` and `restore`."""

from pathlib import Path
from typing import Annotated

import typer

from central.cli.opening import USER_MISTAKE, Config, blamed, end, settings_in
from central.settings.init import FILE
from central.settings.model import TIMEZONE


def backup(
    words: Annotated[
        list[str],
        typer.Argument(metavar="[verify] DIR", help="A new folder; with `verify`, a backup to be checked.", min=1),
    ],
    config: Config = Path(FILE),
) -> None:
    """Write database and pictures of one moment into a new folder, while central runs; `verify DIR` checks a backup.

    A backup can be checked without settings; its times are then told in the zone of settings that name none.

    Example: gridwarden central backup /backup/2026-03-02 --config /srv/gridwarden/central.yaml
    """
    from central.cli.keeping.backup import check, make  # noqa: PLC0415 - each command loads its own parts

    match words:
        case ["verify", folder]:
            zone = settings_in(config).timezone if config.exists() else TIMEZONE
            raise typer.Exit(check(Path(folder), zone))
        case [folder]:
            settings = settings_in(config)
            with blamed():
                code = make(settings, Path(folder))
            raise typer.Exit(code)
        case _:
            end(USER_MISTAKE, "name one folder: `backup DIR`, or `backup verify DIR`")


def restore(
    folder: Annotated[Path, typer.Argument(help="What `central backup` wrote.", metavar="DIR")],
    config: Config = Path(FILE),
) -> None:
    """Put a backup where no database and no pictures are; central must not run. All of it, or nothing.

    Example: gridwarden central restore /backup/2026-03-02 --config /srv/gridwarden/central.yaml
    """
    from central.cli.keeping.backup import put_back  # noqa: PLC0415 - each command loads its own parts

    settings = settings_in(config)
    with blamed():
        code = put_back(settings, folder)
    raise typer.Exit(code)
