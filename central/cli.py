"""`gridwarden central`: set up, run, let boxes and people in."""

import logging
import os
import secrets
import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from central.settings import CentralSettings, SettingsError, load_settings
from central.settings.init import FILE, write_settings

DONE, FAILED, USER_MISTAKE, ENVIRONMENT_MISSING = 0, 1, 2, 3

log = logging.getLogger(__name__)

app = typer.Typer(
    help="The command centre: cases, alerts, pages, API.", no_args_is_help=True, pretty_exceptions_enable=False
)

Config = Annotated[
    Path, typer.Option("--config", help="The settings file that `central init` wrote.", show_default=True)
]


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(help="Where central shall live; made if missing.", metavar="DIR")] = Path(),
    force: Annotated[bool, typer.Option("--force", help="Overwrite an existing central.yaml.")] = False,  # noqa: FBT002 - a flag
) -> None:
    """Write a commented central.yaml and its data folder.

    Example: gridwarden central init /srv/gridwarden
    """
    try:
        path = write_settings(folder, force=force)
    except SettingsError as error:
        _end(USER_MISTAKE, str(error))
    where = "" if path.parent == Path() else f" --config {path}"
    typer.echo(
        f"Wrote {path} (mode 0600) and {path.parent / 'data'}.\n"
        "Every key has a default; read the file, then:\n"
        f"  gridwarden central actor add NAME --role operator{where}   (who may sign in)\n"
        f"  gridwarden central add-box SITE BOX{where}                 (a join code for a box)\n"
        f"  gridwarden central run{where}"
    )


@app.command()
def broker(
    config: Config = Path(FILE),
    parent: Annotated[int, typer.Option("--parent", hidden=True, help="End when this process ends.")] = 0,
) -> None:
    """Run the embedded broker in a process of its own; `central run` finds it, or starts one itself.

    Example: gridwarden central broker --config central.yaml
    """
    from central.gateway.broker.lock import BrokerRunsAlready  # noqa: PLC0415 - each command loads its own parts
    from central.gateway.broker.serve import BrokerCannotStart, end_with, serve  # noqa: PLC0415

    settings = _settings(config)
    if not settings.embedded:
        _end(USER_MISTAKE, f"{config}: broker_url names a broker of yours; only `embedded` is run here")
    logging.basicConfig(level=logging.WARNING, format="broker: %(message)s")
    if parent:
        end_with(parent)
    if os.geteuid() == 0:
        log.warning("the broker runs as root; a user of its own is safer")
    of = settings.broker
    try:
        code = serve(settings.broker_dir, of.host, of.port, of.kind, secrets.token_bytes(32))
    except BrokerRunsAlready:
        _end(USER_MISTAKE, f"a broker runs already for {settings.data_dir}; there can be only one")
    except BrokerCannotStart as error:
        _end(ENVIRONMENT_MISSING, str(error))
    except OSError as error:
        _end(ENVIRONMENT_MISSING, f"{settings.broker_dir}: {error.strerror}; the broker needs to write there")
    raise typer.Exit(code)


def _settings(path: Path) -> CentralSettings:
    try:
        return load_settings(path)
    except SettingsError as error:
        _end(USER_MISTAKE, str(error))


def _end(code: int, sentence: str) -> NoReturn:
    sys.stderr.write(f"{sentence}\n")
    raise typer.Exit(code)
